import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request of OpenAI's protocol, as far as tests look at it. */
interface ModelRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly authorization: string | undefined;
}

type Chunk =
  | { readonly text: string }
  | { readonly call: string; readonly given: string }
  | { readonly finish: string }
  | { readonly raw: string }
  /** The connection is cut. */
  | { readonly cut: true }
  /** Nothing more comes, and the connection stays. */
  | { readonly hang: true };

export type Script = (request: ModelRequest, nth: number) => readonly Chunk[] | { readonly status: number };

export interface ModelServer {
  readonly url: string;
  readonly requests: ModelRequest[];
  /** How many requests were given up by whoever asked. */
  readonly aborted: () => number;
}

/** A server that speaks OpenAI's streaming protocol, and answers what the script says. */
export async function modelServer(script: Script): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  let aborted = 0;
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableEnded) aborted += 1;
    });
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = { ...JSON.parse(body), authorization: request.headers.authorization } as ModelRequest;
    requests.push(asked);
    const said = script(asked, requests.length);
    if ('status' in said) {
      response.writeHead(said.status, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ error: { message: `status ${said.status}` } }));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of said) {
      if ('hang' in chunk) return response.flushHeaders();
      if ('cut' in chunk) return void setImmediate(() => response.destroy());
      response.write('raw' in chunk ? chunk.raw : `data: ${JSON.stringify(eventOf(chunk))}\n\n`);
    }
    const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
    response.write(
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices: [], usage })}\n\n`,
    );
    response.end('data: [DONE]\n\n');
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, requests, aborted: () => aborted };
}

function eventOf(chunk: Exclude<Chunk, { raw: string } | { cut: true } | { hang: true }>): object {
  const choice =
    'finish' in chunk
      ? { index: 0, delta: {}, finish_reason: chunk.finish }
      : 'text' in chunk
        ? { index: 0, delta: { role: 'assistant', content: chunk.text }, finish_reason: null }
        : {
            index: 0,
            delta: {
              role: 'assistant',
              tool_calls: [
                {
                  index: 0,
                  id: `call-${chunk.call}`,
                  type: 'function',
                  function: { name: chunk.call, arguments: chunk.given },
                },
              ],
            },
            finish_reason: null,
          };
  return { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'tested', choices: [choice] };
}
