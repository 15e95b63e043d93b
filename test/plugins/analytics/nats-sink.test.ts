import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { SinkError } from 'usher-bots';
import { natsSink } from 'usher-bots/plugins/analytics/nats-sink';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { aBatch } from './a-batch.ts';
import { NatsServer, user } from './nats-server.ts';

const { signal } = new AbortController();

beforeEach(() => {
  vi.stubEnv('NATS_PASSWORD', user.password);
});
afterEach(() => vi.unstubAllEnvs());

function sinkOf(server: NatsServer, more: object = {}) {
  const sink = natsSink({
    servers: [server.address],
    user: user.name,
    password: { env: 'NATS_PASSWORD' },
    timeout: 2_000,
    ...more,
  });
  onTestFinished(() => sink.close?.());
  return sink;
}

async function streamAt(server: NatsServer) {
  const connection = await connect({ servers: server.address, user: user.name, pass: user.password });
  onTestFinished(() => connection.close());
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'USHER', subjects: ['usher.>'] });
  return {
    messages: async () => {
      const { state } = await manager.streams.info('USHER');
      const kept = [];
      for (let seq = 1; seq <= state.last_seq; seq += 1)
        kept.push(await manager.streams.getMessage('USHER', { seq }));
      return kept.flatMap((message) => (message === null ? [] : [message]));
    },
  };
}

async function failure(publishing: Promise<void>): Promise<SinkError> {
  const thrown = await publishing.then(
    () => 'published',
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(SinkError);
  return thrown as SinkError;
}

describe('the sink of NATS JetStream', { timeout: 60_000 }, () => {
  it('publishes a batch by its id, so that the stream has it once however often it comes', async () => {
    const server = await NatsServer.started();
    const stream = await streamAt(server);
    const sink = sinkOf(server);
    for (const nth of [1, 2, 1, 3, 2]) await sink.publish(aBatch(nth), signal);
    const messages = await stream.messages();
    expect(messages.map(({ header }) => header.get('Nats-Msg-Id'))).toEqual([
      '5e1f-0-1',
      '5e1f-0-2',
      '5e1f-0-3',
    ]);
    const lines = messages[0]
      ?.string()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(aBatch(1).events);
  });

  it('publishes in parts what is larger than the server takes, the same parts each time', async () => {
    const server = await NatsServer.started('max_payload: 8192');
    const stream = await streamAt(server);
    const batch = aBatch(1, 9, { arm: 'x'.repeat(1_500) });
    for (const _ of [1, 2]) await sinkOf(server).publish(batch, signal);
    const messages = await stream.messages();
    expect(messages.map(({ header }) => header.get('Nats-Msg-Id'))).toEqual([
      '5e1f-0-1.1',
      '5e1f-0-1.2',
      '5e1f-0-1.3',
    ]);
    const lines = messages.flatMap((message) => message.string().trimEnd().split('\n'));
    expect(lines.map((line) => JSON.parse(line))).toEqual(batch.events);
  });

  it('comes back when the server does', async () => {
    const server = await NatsServer.started();
    const stream = await streamAt(server);
    const sink = sinkOf(server);
    await sink.publish(aBatch(1), signal);
    await server.kill();
    expect((await failure(sink.publish(aBatch(2), signal))).isRefusal).toBe(false);
    await server.start();
    await expect
      .poll(
        () =>
          sink.publish(aBatch(2), signal).then(
            () => 'published',
            () => 'away',
          ),
        { timeout: 30_000 },
      )
      .toBe('published');
    // The stream's own watch has to come back, too.
    await expect.poll(async () => (await stream.messages()).length, { timeout: 20_000 }).toBe(2);
  });

  it('says what the server lacks, or refuses', async () => {
    const server = await NatsServer.started();
    const { address } = server;
    expect((await failure(sinkOf(server).publish(aBatch(1), signal))).message).toBe(
      `no stream of JetStream at ${address} takes the subject usher.analytics: make one`,
    );
    vi.stubEnv('NATS_PASSWORD', 'wrong');
    expect(await failure(sinkOf(server).publish(aBatch(1), signal))).toMatchObject({
      message: `${address} refuses the user, or the subject usher.analytics`,
      isRefusal: true,
    });
    await server.kill();
    expect((await failure(sinkOf(server).publish(aBatch(1), signal))).message).toBe(
      `${address} cannot be reached, or does not answer (ConnectionError)`,
    );
    expect(() => natsSink({ servers: ['ada:s3cret@host'] })).toThrow(
      'analytics.sink: nats: servers.0: holds credentials: give them by user and password, token or credentials',
    );
  });
});
