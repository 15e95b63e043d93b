import { describe, expect, it } from 'vitest';
import { clientProcess } from './client-process.ts';
import { topic } from './connect-to.ts';
import { eventually } from './eventually.ts';
import { cometdServer } from './servers/cometd-server.ts';

describe.skipIf(process.platform === 'win32').each([['long-polling'], ['websocket', 'long-polling']])(
  'a process that was suspended, with %s preferred',
  (...transports) => {
    it('notices that its session has ended meanwhile, and makes one other', async () => {
      const server = await cometdServer({ webSockets: true, hold: 300, maxInterval: 2_000 });
      const { origin } = server;
      const client = clientProcess({ origin, transports, maxNetworkDelay: 3_000, persists: true });
      await eventually(client.kinds).toContain('subscribed');
      client.signal('SIGSTOP');
      await eventually(server.sessions).toBe(0);
      server.publish(topic, 'while it slept');
      client.signal('SIGCONT');
      await eventually(() => server.subscribers(topic)).toBe(1);
      server.publish(topic, 'when it was awake');
      await eventually(() => client.told.at(-1)).toEqual({
        kind: 'message',
        topic,
        data: 'when it was awake',
      });
      expect(client.kinds().filter((kind) => kind === 'subscribed')).toHaveLength(2);
      expect(client.kinds().filter((kind) => kind === 'error')).toHaveLength(1);
      expect([server.sessions(), server.handshakes()]).toEqual([1, 2]);
    });

    it('goes on with its session, and has lost nothing, when it slept for a moment', async () => {
      const server = await cometdServer({ webSockets: true });
      const client = clientProcess({ origin: server.origin, transports, persists: true });
      await eventually(client.kinds).toContain('subscribed');
      client.signal('SIGSTOP');
      for (const data of [1, 2, 3]) server.publish(topic, data);
      client.signal('SIGCONT');
      await eventually(() =>
        client.told.flatMap((told) => (told.kind === 'message' ? [told.data] : [])),
      ).toEqual([1, 2, 3]);
      expect(server.handshakes()).toBe(1);
    });
  },
);
