import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditRow, BoardMessage, FleetMessage } from '../../../plugins/console/wire.ts';
import { PostgresServer } from '../../postgres/postgres-server.ts';
import { consoleWorld } from './console-world.ts';
import { storeFile } from './experiment-world.ts';
import { fleetWorld, loadsOf } from './fleet-world.ts';

const live = '/api/live/fleet';
const token = 'an operator token of some length';
const viewToken = 'a viewer token of some length';
const drain = { do: 'drain-worker', worker: 'somebody' };

describe('the fleet', { timeout: 60_000 }, () => {
  it('is shown worker by worker, each time it changes, and a worker is drained by hand', async () => {
    const { visit, join } = await fleetWorld();
    const visitor = await visit();
    const alone = await visitor.watch<FleetMessage>(live, () => true);
    expect(alone.state).toMatchObject({
      agents: 4,
      free: 0,
      workers: [{ pid: process.pid, state: 'working', agents: 4, share: 4, capacity: 1_000 }],
    });
    expect(alone.self).toEqual([alone.state?.workers[0]?.incarnation]);

    const other = await join();
    const shared = await visitor.watch<FleetMessage>(
      live,
      ({ state }) => state !== undefined && String(loadsOf(state)) === '2,2',
    );
    const row = shared.state?.workers.find(({ pid }) => pid === other.pid);
    const left = once(other, 'exit');
    expect(await visitor.act({ do: 'drain-worker', worker: row?.incarnation })).toMatchObject({
      status: 200,
      body: { ok: true, message: 'the worker gives its agents to the others, and ends then' },
    });
    expect(await left).toEqual([0, null]);
    await visitor.watch<FleetMessage>(
      live,
      ({ state }) => state !== undefined && String(loadsOf(state)) === '4',
    );
    const { body } = await visitor.get<AuditRow[]>('/api/audit');
    expect(body.map(({ action, on, result }) => [action, on, result])).toEqual([
      ['drain-worker', row?.incarnation, 'asked for'],
    ]);

    expect(await visitor.act({ do: 'drain-worker', worker: row?.incarnation })).toMatchObject({
      status: 409,
      body: { ok: false, message: 'the worker is not there any longer' },
    });
  });

  it('has the worker of the console itself stop as well', async () => {
    const { visit, stops } = await fleetWorld();
    const visitor = await visit();
    const { self } = await visitor.watch<FleetMessage>(live, () => true);
    expect((await visitor.act({ do: 'drain-worker', worker: self?.[0] })).status).toBe(200);
    await expect.poll(() => stops).toEqual([undefined]);
  });

  it('says that the store does not answer, shows what was seen last, and goes on when it does', async () => {
    const server = await PostgresServer.start();
    onTestFinished(() => server.remove());
    const { visit } = await fleetWorld({ store: server.url() });
    const visitor = await visit();
    const { promise: seen, resolve } = Promise.withResolvers<FleetMessage>();
    const watching = visitor.watch<FleetMessage>(live, (message) => {
      resolve(message);
      return message.problem !== undefined;
    });
    const before = await seen;
    await server.stop('immediate');
    const during = await watching;
    expect(during.state?.workers.map(({ agents }) => agents)).toEqual([4]);
    expect(during.problem).toBe('the store does not answer; the log says why');
    const own = { do: 'drain-worker', worker: before.self?.[0] };
    const { status, body } = await visitor.act(own);
    expect([status, body.message]).toEqual([409, expect.stringMatching(/^the store does not answer: /)]);
    await server.resume();
    const after = await visitor.watch<FleetMessage>(live, ({ problem }) => problem === undefined);
    expect(after.state?.workers.map(({ incarnation }) => incarnation)).toEqual(before.self);
  });

  it('is told of on the board, and is not there where nothing is shared', async () => {
    const isFull = ({ full }: BoardMessage) => full === true;
    const one = await (await fleetWorld()).visit();
    expect((await one.watch<BoardMessage>('/api/live/board', isFull)).host?.fleet).toBe(true);
    // A store alone makes no fleet.
    const none = await (await consoleWorld({ store: await storeFile() })).visit();
    expect((await none.watch<BoardMessage>('/api/live/board', isFull)).host?.fleet).toBe(false);
    expect((await none.get(live)).status).toBe(404);
    expect(await none.act(drain)).toMatchObject({
      status: 409,
      body: { ok: false, message: 'this process shares its agents with nobody' },
    });
  });

  it('is nobody’s business who is not let in, and drained by nobody who may only look', async () => {
    const { visit, stops } = await fleetWorld({ options: { token, viewToken } });
    const visitor = await visit();
    expect((await visitor.get(live)).status).toBe(401);
    expect((await visitor.act(drain)).status).toBe(401);
    await visitor.logIn(viewToken);
    const { self } = await visitor.watch<FleetMessage>(live, () => true);
    const own = { ...drain, worker: self?.[0] };
    expect((await visitor.act(own)).status).toBe(403);
    await visitor.logIn(token);
    expect((await visitor.post('/api/actions', own, { 'x-usher-csrf': 'made up' })).status).toBe(403);
    expect((await visitor.get(live, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await visitor.act({ do: 'drain-worker' })).status).toBe(400);
    expect(stops).toEqual([]);
  });
});
