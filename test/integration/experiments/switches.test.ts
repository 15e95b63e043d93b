import { describe, expect, it } from 'vitest';
import { usher } from '../../core/cli/command.ts';
import { password, running, seat, simulator } from '../contact-centre.ts';
import { configHere, configOf, patience, recordsIn, started, storeFile, talk } from './shop.ts';

describe('an experiment that is running', { timeout: 120_000 }, () => {
  it('is stopped and resumed by another process: new customers get the control, open chats keep their arm', async () => {
    const server = await simulator({ agents: [seat('Ada', 10)] });
    const store = storeFile();
    // By the weights nobody gets the control.
    const config = configOf(store, '{ weights: { plain: 1e-9 } }');
    const worker = await started(config, server);
    const env = { GWS_URL: server.url, GWS_PASSWORD: password };
    const turn = async (verb: string, ...more: readonly string[]): Promise<string> => {
      const command = usher(['experiment', verb, 'greeting', '-c', config, ...more], env);
      expect(await command.ended, command.stderr()).toBe(0);
      return command.stdout();
    };
    const answerOf = async (contact: string): Promise<string | undefined> =>
      (await server.arrive(talk(contact, ['hi'])).done).heard[1]?.text;
    let isOver = false;
    const waiting = { choose: () => (isOver ? [{ say: 'still me' }] : [{ pause: 50 }, waiting]) };
    const [greeting] = talk('before', []).steps;
    const open = server.arrive({
      ...talk('before', []),
      steps: [greeting, waiting, { expect: ': still me', within: patience }, { leave: true }] as never,
    });
    await expect
      .poll(() => server.chats.get(open.chatId)?.lines.some(({ text }) => text === 'Welcome!'), {
        timeout: patience,
      })
      .toBe(true);

    expect(await turn('stop', '--reason', 'a complaint')).toMatch(/^experiment greeting is stopped/);
    await worker.prints(/experiment greeting is stopped: a complaint/);
    expect(await answerOf('new')).toBe('Hello: hi');
    isOver = true;
    expect((await open.done).heard.at(-1)?.text).toBe('Welcome: still me');

    expect(await turn('resume')).toMatch(/^experiment greeting goes on/);
    await worker.prints(/experiment greeting goes on/);
    // Who got the control meanwhile was given no arm.
    expect(await answerOf('new')).toBe('Welcome: hi');
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect((await recordsIn(store)).exposed).toHaveLength(2);
  });

  it('stops by itself when more customers leave unanswered in an arm', async () => {
    const server = await simulator({ agents: [seat('Ada', 40)] });
    const store = storeFile();
    const guards = [{ metric: 'abandoned', worse: 'higher' }] as const;
    const first = await running(configHere(server.url, { guards }, store));
    // Whom the warm greeting meets gives up.
    const chats = Array.from({ length: 160 }, (_, nth) => {
      const [greeting, ...polite] = talk(`contact-${nth}`, ['hi']).steps;
      const byArm = (heard: readonly { readonly text: string }[]) =>
        heard[0]?.text === 'Welcome!' ? [{ say: 'Never mind' }, { leave: true as const }] : polite;
      return server.arrive({ ...talk(`contact-${nth}`, []), steps: [greeting, { choose: byArm }] as never })
        .done;
    });
    await Promise.all(chats);
    await expect.poll(() => server.agents[0]?.parts.size, { timeout: patience }).toBe(0);
    await first.host.stop();

    const second = await running(configHere(server.url, { guards, weights: { plain: 1e-9 } }, store));
    const switched = await second.until((entry) => entry.kind === 'experiment-switched');
    expect(switched).toMatchObject({ stopped: true, reason: 'guard: abandoned is higher in arm warm' });
    const { heard } = await server.arrive(talk('late', ['hi'])).done;
    expect(heard.map(({ text }) => text)).toEqual(['Hello!', 'Hello: hi']);
    const report = await second.host.experiments?.report('greeting');
    expect(report).toMatchObject({
      stopped: { stopped: true },
      guards: [{ name: 'abandoned', arm: 'warm', breached: true }],
    });
  });
});
