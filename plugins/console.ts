import { Observable } from 'rxjs';
import { z } from 'zod';
import { definePlugin, type HostContext } from '../core/index.ts';
import { listen } from './console/listen.ts';
import { consoleServer } from './console/server.ts';

const secret = z.string().min(16, 'must have 16 characters at least').optional();

const options = z.strictObject({
  /** Where it listens. Default: 4600, or the next one that is free; 0: any. One that is given must be free. */
  port: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Default: 127.0.0.1, which only this machine can reach. */
  host: z.string().min(1).default('127.0.0.1'),
  /** Whoever has it may look and act. Default: nobody acts, but on the simulator. */
  token: secret,
  /** Whoever has it may look, customers' words included. Default: there is none. */
  viewToken: secret,
  /** The address behind a proxy that ends TLS: then cookies are for https only. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Who sees customers' names, words and data. Default: whoever has logged in, and everybody on the simulator. */
  texts: z.enum(['authorised', 'never']).default('authorised'),
  /** A file with a line for each action. Default: they stand in the log. */
  audit: z.string().min(1).optional(),
  /** Whether there is a page beside probes and metrics. Default: true. */
  page: z.boolean().default(true),
});

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * The console: a page to look at agents and chats and to step in, with `/healthz`, `/readyz` and `/metrics` on the same
 * port. A plugin of the process: it stands under `plugins` of the config. See docs/console.md.
 */
export const webConsole = definePlugin({
  name: 'console',
  options,
  host:
    ({ port, host: address, ...rest }) =>
    (host) =>
      new Observable<never>((subscriber) => {
        const isLoopback = loopback.has(address);
        const hasToken = rest.token !== undefined || rest.viewToken !== undefined;
        // Without a token, nobody who is elsewhere is let in.
        const page = rest.page && (isLoopback || hasToken);
        const server = consoleServer(host, {
          ...rest,
          token: rest.token,
          viewToken: rest.viewToken,
          publicUrl: rest.publicUrl,
          audit: rest.audit,
          page,
          isLoopback,
        }).then(async (made) => {
          const url = await listen(made, address, port).catch(async (thrown: unknown) => {
            await made.close();
            throw thrown;
          });
          tellOf(host, rest.publicUrl ?? url, { wanted: rest.page, page, hasToken });
          return made;
        });
        server.catch((thrown: unknown) => subscriber.error(thrown));
        return () => {
          server.then((made) => made.close()).catch(() => undefined);
        };
      }),
});

function tellOf(
  { tell, playground }: HostContext,
  url: string,
  {
    wanted,
    page,
    hasToken,
  }: { readonly wanted: boolean; readonly page: boolean; readonly hasToken: boolean },
): void {
  if (!wanted) return tell(`probes and metrics on ${url}`);
  if (!page)
    return tell(
      `probes and metrics on ${url}; no page, since others can reach it: set a token (USHER_CONSOLE_TOKEN) for that`,
    );
  const how =
    hasToken || playground !== undefined ? '' : ' (read-only, without words: set USHER_CONSOLE_TOKEN to act)';
  tell(`console on ${url}${how}`);
}
