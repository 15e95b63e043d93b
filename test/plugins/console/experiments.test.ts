import { describe, expect, it } from 'vitest';
import { keys } from '../../../core/experiment/records.ts';
import type { AuditRow, BoardMessage, ExperimentsMessage } from '../../../plugins/console/wire.ts';
import { consoleWorld } from './console-world.ts';
import { experimentWorld, greetingBot, recorded, storeFile, switchesIn } from './experiment-world.ts';

const live = '/api/live/experiments';
const token = 'an operator token of some length';
const viewToken = 'a viewer token of some length';
const stop = { do: 'stop-experiment', experiment: 'warm-greeting' };

describe('the experiments', { timeout: 60_000 }, () => {
  it('are shown with what they came to and how that became sure, and nothing of customers', async () => {
    const { visit } = await experimentWorld(120);
    const visitor = await visit();
    const { experiments } = await visitor.watch<ExperimentsMessage>(
      live,
      (message) => message.experiments[0]?.report.units === 120,
    );
    expect(experiments).toMatchObject([
      {
        report: {
          experiment: 'warm-greeting',
          arms: [{ arm: 'plain' }, { arm: 'warm' }],
          metrics: [{ name: 'engaged', differences: [{ arm: 'warm', verdict: 'higher' }] }, {}, {}],
          guards: [{ name: 'abandoned', breached: false }],
          sampleRatio: { broken: false },
        },
        history: [{ metric: 'engaged', arm: 'warm' }, { metric: 'turns' }, { metric: 'duration' }],
      },
    ]);
    expect(experiments[0]?.history[0]?.looks.length).toBeGreaterThan(5);
    expect(JSON.stringify(experiments)).not.toMatch(/Mia|contact|opening/);
  });

  it('are counted on the board, which is how the page knows of them', async () => {
    const none = await (await consoleWorld()).visit();
    const one = await (await consoleWorld({ bot: greetingBot({}) })).visit();
    const isFull = ({ full }: BoardMessage) => full === true;
    expect((await none.watch<BoardMessage>('/api/live/board', isFull)).host?.experiments).toBe(0);
    expect((await one.watch<BoardMessage>('/api/live/board', isFull)).host?.experiments).toBe(1);
    expect(await none.watch<ExperimentsMessage>(live, () => true)).toEqual({ experiments: [] });
  });

  it('show what other processes recorded', async () => {
    const chats = Array.from({ length: 10 }, (_, nth) =>
      recorded('warm-greeting', {
        interactionId: `chat ${nth}`,
        arm: nth % 2 ? 'warm' : 'plain',
        unit: `unit ${nth}`,
        at: nth,
        measures: { engaged: 1 },
      }),
    ).flat();
    const { visit } = await consoleWorld({ bot: greetingBot({}), store: await storeFile(chats) });
    const { experiments } = await (await visit()).watch<ExperimentsMessage>(live, () => true);
    expect(experiments[0]?.report).toMatchObject({ units: 10, metrics: [{ differences: [] }, {}, {}] });
  });

  it('hide no other one whose records can be read', async () => {
    const store = await storeFile([{ key: keys.chat('warm-greeting', 'chat'), body: null }]);
    const { visit } = await consoleWorld({ bot: greetingBot({}, { key: 'other' }), store });
    const { experiments, problem } = await (await visit()).watch<ExperimentsMessage>(live, () => true);
    expect(experiments.map(({ report }) => report.experiment)).toEqual(['other']);
    expect(problem).toBe('the records of warm-greeting cannot be read; the log says why');
  });

  it('are stopped and let go on by hand: in the store, in the audit, and on the page', async () => {
    const store = await storeFile();
    const { visit, until } = await consoleWorld({ bot: greetingBot({}), store });
    const visitor = await visit();
    const answer = await visitor.act({ ...stop, reason: 'complaints' });
    expect(answer).toMatchObject({
      status: 200,
      body: { ok: true, message: 'warm-greeting is stopped: new chats get the control' },
    });
    await until((entry) => entry.kind === 'experiment-switched' && entry.stopped);
    expect(await switchesIn(store, 'warm-greeting')).toMatchObject([
      { stopped: true, reason: 'complaints (this machine)' },
    ]);
    const { experiments } = await visitor.watch<ExperimentsMessage>(live, () => true);
    expect(experiments[0]?.report.stopped?.reason).toBe('complaints (this machine)');
    await visitor.act({ do: 'resume-experiment', experiment: 'warm-greeting' });
    expect(await switchesIn(store, 'warm-greeting')).toMatchObject([
      { stopped: true },
      { stopped: false, reason: 'by hand (this machine)' },
    ]);
    const { body } = await visitor.get<AuditRow[]>('/api/audit');
    expect(body.map(({ action, on }) => [action, on])).toEqual([
      ['resume-experiment', 'warm-greeting'],
      ['stop-experiment', 'warm-greeting'],
    ]);
  });

  it('that do not exist cannot be stopped', async () => {
    const visitor = await (await consoleWorld({ bot: greetingBot({}) })).visit();
    expect(await visitor.act({ ...stop, experiment: 'cold-greeting' })).toMatchObject({
      status: 409,
      body: { ok: false, message: 'there is no experiment cold-greeting' },
    });
    expect((await visitor.act({ ...stop, reason: 'x'.repeat(201) })).status).toBe(400);
  });

  it('are nobody’s business who is not let in, and stopped by nobody who may only look', async () => {
    const store = await storeFile();
    const { visit } = await consoleWorld({ bot: greetingBot({}), store, options: { token, viewToken } });
    const visitor = await visit();
    expect(JSON.stringify((await visitor.arrive()).body)).not.toContain('experiment');
    expect((await visitor.get(live)).status).toBe(401);
    expect((await visitor.act(stop)).status).toBe(401);
    await visitor.logIn(viewToken);
    expect((await visitor.watch<ExperimentsMessage>(live, () => true)).experiments).toHaveLength(1);
    expect((await visitor.act(stop)).status).toBe(403);
    await visitor.logIn(token);
    expect((await visitor.post('/api/actions', stop, { 'x-usher-csrf': 'made up' })).status).toBe(403);
    expect((await visitor.get(live, { origin: 'http://evil.example' })).status).toBe(403);
    expect(await switchesIn(store, 'warm-greeting')).toEqual([]);
  });
});
