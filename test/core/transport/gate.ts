import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Verdict {
  /** Refuses the request. */
  readonly refusal?: { readonly status: number; readonly body: string };
  /** Headers that the request carries on instead of its own; `undefined` takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Headers that the answer carries beside its own. */
  readonly answer?: Readonly<Record<string, string>>;
}

/** Stands before a server as an API gateway does, and judges every request; returns its origin. */
export async function gate(target: string, judge: (request: IncomingMessage) => Verdict): Promise<string> {
  const server = createServer((request, response) => {
    const { refusal, headers = {}, answer = {} } = judge(request);
    if (refusal !== undefined) return void response.writeHead(refusal.status, answer).end(refusal.body);
    const passed = Object.fromEntries(
      Object.entries({ ...request.headers, ...headers }).filter(([, value]) => value !== undefined),
    );
    const onward = send(`${target}${request.url}`, { method: request.method, headers: passed }, (reply) =>
      reply.pipe(response.writeHead(reply.statusCode ?? 502, { ...reply.headers, ...answer })),
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
