import type { ServerResponse } from 'node:http';
import { BehaviorSubject, filter, firstValueFrom } from 'rxjs';
import { type LocalServerOptions, localServer, type Received } from './local-server.ts';

export interface BayeuxMessage {
  readonly id?: string;
  readonly channel: string;
  readonly clientId?: string;
  readonly subscription?: string;
  readonly advice?: Readonly<Record<string, unknown>>;
}

/**
 * What the server answers to a message of a channel, instead of the usual: members of the reply, an HTTP status, a
 * whole body, or nothing for ever.
 */
export type Answers = Readonly<
  Record<
    string,
    (
      message: BayeuxMessage,
      count: number,
    ) => object | { http: number } | { body: string } | 'silence' | undefined
  >
>;

interface Poll {
  readonly message: BayeuxMessage;
  readonly response: ServerResponse;
}

/** A CometD server that says what a test wants, message by message. */
export async function bayeuxServer(answers: Answers = {}, options: LocalServerOptions = {}) {
  const requests: Received[] = [];
  const channels: string[] = [];
  const counts = new Map<string, number>();
  const polls = new BehaviorSubject<Poll | undefined>(undefined);

  const usual = (message: BayeuxMessage): object => ({
    id: message.id,
    channel: message.channel,
    clientId: 'c1',
    successful: true,
    ...(message.channel === '/meta/handshake' && {
      version: '1.0',
      supportedConnectionTypes: ['long-polling'],
      advice: { reconnect: 'retry', interval: 0, timeout: 30_000 },
    }),
    ...(message.subscription !== undefined && { subscription: message.subscription }),
  });

  /** The poll that is held, or the next one that will be. */
  const held = (): Promise<Poll> => firstValueFrom(polls.pipe(filter((poll) => poll !== undefined)));

  /** Ends the poll with these messages, and its own success. */
  const deliver = async (...messages: object[]): Promise<void> => {
    const { message, response } = await held();
    polls.next(undefined);
    response.end(JSON.stringify([...messages, usual(message)]));
  };

  const lines = new Set<ServerResponse>();
  let onLineClosed = (): void => undefined;
  const origin = await localServer((received, response) => {
    if (!received.url.startsWith('/notifications')) return void response.end('{"statusCode":0}');
    requests.push(received);
    lines.add(response);
    response.on('close', () => {
      lines.delete(response);
      onLineClosed();
    });
    const [message, ...others]: BayeuxMessage[] = JSON.parse(received.body);
    if (message === undefined) return void response.end('[]');
    const { channel } = message;
    const count = (counts.get(channel) ?? 0) + 1;
    counts.set(channel, count);
    channels.push(channel);
    const special = answers[channel]?.(message, count);
    if (special === 'silence') return;
    if (special !== undefined && 'http' in special) {
      return void response.writeHead(special.http).end('no');
    }
    if (special !== undefined && 'body' in special) return void response.end(special.body);
    if (special === undefined && channel === '/meta/connect') {
      return polls.next({ message, response });
    }
    const replies = [message, ...others].map((one) => ({ ...usual(one), ...special }));
    response.end(JSON.stringify(replies));
    if (channel === '/meta/disconnect' && polls.value !== undefined) void deliver();
  }, options);

  return {
    origin,
    requests,
    channels,
    deliver,
    held,
    /** How many requests have not been answered, on lines that are open. */
    openLines: () => lines.size,
    onLineClosed: (listener: () => void): void => {
      onLineClosed = listener;
    },
  };
}
