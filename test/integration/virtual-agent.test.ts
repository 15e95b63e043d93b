import { defineBot } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { virtualAgent } from 'usher-bots/plugins/virtual-agent';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { expect, it } from 'vitest';
import { llmBrain } from '../../plugins/virtual-agent/llm-brain.ts';
import { modelServer } from '../plugins/virtual-agent/model-server.ts';
import { oneSeat, running, seat, simulator } from './contact-centre.ts';

it('200 chats at once with one virtual agent: each has its own answers, in order, and turns that were called off', async () => {
  const chats = 200;
  const server = await simulator({ agents: [seat('Ada', chats)] });
  // Repeats who asks and what was asked last; never answers what is about to be corrected.
  const model = await modelServer(({ messages }) => {
    const last = String(messages.at(-1)?.content);
    if (last.startsWith('wait')) return [{ text: 'Let me ' }, { hang: true }];
    return [{ text: `re: ${last}` }, { finish: 'stop' }];
  });
  const brain = llmBrain({ baseURL: model.url, model: 'tested', instructions: 'Repeat.' });
  const bot = defineBot({
    name: 'thinking',
    plugins: [autoAccept(), greeter({ text: 'Hello!' }), virtualAgent({ brain, within: 60_000 }), wrapUp()],
  });
  const { entries } = await running(oneSeat(server.url, bot));
  const customers = Array.from({ length: chats }, (_one, nth) =>
    server.arrive({
      firstName: `C${nth}`,
      steps: [
        { expect: 'Hello!', within: 60_000 },
        { say: `first of ${nth}.` },
        { expect: `re: first of ${nth}.`, within: 60_000 },
        { say: `wait, ${nth}` },
        { pause: 500 },
        { say: `second of ${nth}.` },
        { expect: `re: second of ${nth}.`, within: 60_000 },
        { say: `third of ${nth}.` },
        { expect: `re: third of ${nth}.`, within: 60_000 },
        { leave: true },
      ],
    }),
  );
  const results = await Promise.all(customers.map(({ done }) => done));
  expect(results.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  for (const { lines } of server.chats.values()) {
    const [own = ''] = /\d+\.$/.exec(lines.find(({ text }) => text?.startsWith('first'))?.text ?? '') ?? [];
    const said = lines.filter(({ type, from }) => type === 'Text' && from.type === 'Agent');
    expect(said.map(({ text }) => text)).toEqual([
      'Hello!',
      ...['first', 'second', 'third'].map((which) => `re: ${which} of ${own}`),
    ]);
  }
  // Most were called off while the model was at it; one that was late to ask was never asked.
  expect(model.aborted()).toBeGreaterThan(chats / 2);
  expect(entries.filter(({ kind }) => kind === 'problem')).toEqual([]);
}, 120_000);
