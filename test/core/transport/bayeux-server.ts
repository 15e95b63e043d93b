import type { ServerResponse } from 'node:http';
import { BehaviorSubject, filter, firstValueFrom } from 'rxjs';
import { localServer, type Received } from './local-server.ts';

export interface BayeuxMessage {
  readonly id?: string;
  readonly channel: string;
  readonly clientId?: string;
  readonly subscription?: string;
}

/** What the server answers to a message of a channel, instead of the usual. */
export type Answers = Readonly<
  Record<string, (message: BayeuxMessage, count: number) => object | { http: number } | undefined>
>;

interface Poll {
  readonly message: BayeuxMessage;
  readonly response: ServerResponse;
}

/** A CometD server that says what a test wants, message by message. */
export async function bayeuxServer(answers: Answers = {}) {
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

  const origin = await localServer((received, response) => {
    requests.push(received);
    const [message, ...others]: BayeuxMessage[] = JSON.parse(received.body);
    if (message === undefined) return void response.end('[]');
    const { channel } = message;
    const count = (counts.get(channel) ?? 0) + 1;
    counts.set(channel, count);
    channels.push(channel);
    const special = answers[channel]?.(message, count);
    if (special !== undefined && 'http' in special) {
      return void response.writeHead(special.http).end('no');
    }
    if (special === undefined && channel === '/meta/connect') {
      return polls.next({ message, response });
    }
    const replies = [message, ...others].map((one) => ({ ...usual(one), ...special }));
    response.end(JSON.stringify(replies));
    if (channel === '/meta/disconnect' && polls.value !== undefined) void deliver();
  });

  return { origin, requests, channels, deliver, held };
}
