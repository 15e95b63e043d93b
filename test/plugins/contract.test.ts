import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'usher-bots';
import { type PluginContractOptions, pluginContract } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { answers } from '../../plugins/answers.ts';
import { autoAccept } from '../../plugins/auto-accept.ts';
import { consult } from '../../plugins/consult.ts';
import { greeter } from '../../plugins/greeter.ts';
import { handOver } from '../../plugins/hand-over.ts';
import { recorder } from '../../plugins/recorder.ts';
import { typing } from '../../plugins/typing.ts';
import { wrapUp } from '../../plugins/wrap-up.ts';

const talking = greeter({ text: 'Hello {FirstName}' });
const beside = [autoAccept(), talking];

const plugins: readonly [Plugin, PluginContractOptions][] = [
  [autoAccept(), { beside: [] }],
  [talking, { userData: { FirstName: 'Mia' } }],
  [answers({ answers: [{ when: 'question', reply: 'Which one?' }], otherwise: 'I see.' }), {}],
  [
    consult({
      to: { agentId: 'cora' },
      on: ['help'],
      texts: { asking: 'One moment.', joined: 'Here she is.', fallback: 'Nobody is free.' },
    }),
    {},
  ],
  [handOver({ to: { skill: 'Cards' } }), { beside }],
  [typing(), { beside: [...beside, answers({ answers: [{ when: 'x', reply: 'y' }], otherwise: 'I see.' })] }],
  [wrapUp(), { beside }],
  [recorder({ folder: mkdtempSync(join(tmpdir(), 'usher-contract-')) }), { beside }],
];

describe.each(plugins)('$name', (plugin, options) => {
  it.each(pluginContract(plugin, options))('$promise', ({ check }) => check());
});
