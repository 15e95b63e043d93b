import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from './errors.ts';
import type { NetworkOptions, TransportName } from './transport/network.ts';
import { proxyInEnv } from './transport/proxy.ts';

/** How the server is reached; the part of `server` in a config that docs/connecting.md tells of. */
export interface ReachOptions {
  /** Headers that every request and every poll carries, for instance those of an API gateway. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * The proxy's URL, perhaps with credentials; `false`: none, whatever the environment says. Default: `HTTPS_PROXY`
   * or `HTTP_PROXY`, unless `NO_PROXY` lists the server.
   */
  readonly proxy?: string | false | undefined;
  /** The path of a PEM file with certificates that are trusted beside those that Node trusts. */
  readonly ca?: string | undefined;
  /** How notifications come, the preferred way first. Default: `['long-polling']`. */
  readonly transports?: readonly ['long-polling'] | readonly ['websocket', 'long-polling'] | undefined;
}

const isWebAddress = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/** What a header may be called (RFC 9110, token), and hold. */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that are not for a config to set, and why. */
const reserved: Readonly<Record<string, string>> = {
  authorization: 'is made from the password, or by a TokenProvider: see docs/connecting.md',
  cookie: 'is kept for each agent by itself',
  'proxy-authorization': 'is made from the credentials in server.proxy',
  ...Object.fromEntries(
    [
      'connection',
      'content-length',
      'content-type',
      'expect',
      'host',
      'keep-alive',
      'te',
      'trailer',
      'transfer-encoding',
      'upgrade',
    ].map((name) => [name, 'is for the connection to set']),
  ),
};

const headers = z
  .record(z.string(), z.string())
  .superRefine((given, context) => {
    const refuse = (name: string, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    const seen = new Set<string>();
    for (const [name, value] of Object.entries(given)) {
      const lower = name.toLowerCase();
      const reason = Object.hasOwn(reserved, lower) ? reserved[lower] : undefined;
      if (!headerName.test(name)) refuse(name, 'is no name of a header');
      else if (lower.startsWith('sec-websocket-')) refuse(name, 'is for the connection to set');
      else if (reason !== undefined) refuse(name, reason);
      else if (seen.has(lower)) refuse(name, 'is given twice');
      else if (!headerValue.test(value)) refuse(name, 'is given a value that no header can carry');
      seen.add(lower);
    }
  })
  .transform((given) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value])),
  );

const proxy = z.custom<string | false>((value) => value === false || isWebAddress.safeParse(value).success, {
  error: 'must be an http or https URL, or false',
});

const ca = z
  .string()
  .min(1)
  .transform((path, context) => {
    try {
      return certificatesIn(path);
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: messageOf(thrown) });
      return z.NEVER;
    }
  });

const transports = z.union(
  [z.tuple([z.literal('long-polling')]), z.tuple([z.literal('websocket'), z.literal('long-polling')])],
  { error: "must be ['long-polling'] or ['websocket', 'long-polling']" },
);

/** The schema's members; with what they give, `networkOptions` goes on. */
export const reachSchema = {
  headers: headers.optional(),
  proxy: proxy.optional(),
  ca: ca.optional(),
  transports: transports.optional(),
};

/** What the schema made of `ReachOptions`. */
export interface Reach {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly proxy?: string | false | undefined;
  readonly ca?: string | undefined;
  readonly transports?: readonly TransportName[] | undefined;
}

/** How this server is reached, from the config and the environment. A fault of the environment is a text. */
export function networkOptions(
  { headers = {}, proxy, ca, transports = ['long-polling'] }: Reach,
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): NetworkOptions | string {
  const reached = { headers, ca, transports };
  if (proxy === false) return reached;
  if (proxy !== undefined) return { ...reached, proxy };
  const named = proxyInEnv(new URL(server), env);
  if (named === undefined) return reached;
  if (!isWebAddress.safeParse(named.url).success) return `${named.variable} must be an http or https URL`;
  return { ...reached, proxy: named.url };
}

/** A file's certificates, checked: a wrong one would only be noticed as a refused connection. */
function certificatesIn(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new Error(`the file cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g);
  if (found === null) throw new Error(`${path} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)`);
  try {
    for (const certificate of found) new X509Certificate(certificate);
  } catch (thrown) {
    throw new Error(`${path} holds a certificate that cannot be read: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
  return found.join('\n');
}
