import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'usher-bots';
import { type PluginContractOptions, pluginContract } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { gws852 } from '../../core/dialects/gws-8.5.2.ts';
import { answers } from '../../plugins/answers.ts';
import { autoAccept } from '../../plugins/auto-accept.ts';
import { disposition } from '../../plugins/disposition.ts';
import { faq } from '../../plugins/faq.ts';
import { forms } from '../../plugins/forms.ts';
import { greeter } from '../../plugins/greeter.ts';
import { guard } from '../../plugins/guard.ts';
import { handOff } from '../../plugins/hand-off.ts';
import { handOver } from '../../plugins/hand-over.ts';
import { hours } from '../../plugins/hours.ts';
import { keywords } from '../../plugins/keywords.ts';
import { language } from '../../plugins/language.ts';
import { recorder } from '../../plugins/recorder.ts';
import { silence } from '../../plugins/silence.ts';
import { survey } from '../../plugins/survey.ts';
import { transcript } from '../../plugins/transcript.ts';
import { typing } from '../../plugins/typing.ts';
import { wrapUp } from '../../plugins/wrap-up.ts';

const talking = greeter({ text: 'Hello {FirstName}' });
const beside = [autoAccept(), talking];

const plugins: readonly [Plugin, PluginContractOptions][] = [
  [autoAccept(), { beside: [] }],
  [talking, { userData: { FirstName: 'Mia' } }],
  [answers({ answers: [{ when: 'question', reply: 'Which one?' }], otherwise: 'I see.' }), {}],
  [
    handOff({
      to: { agentId: 'cora' },
      on: ['help'],
      texts: { requested: 'One moment.', accepted: 'Here she is.' },
      fallback: { text: 'Nobody is free.' },
    }),
    {},
  ],
  [handOver({ to: { skill: 'Cards' } }), { beside }],
  [typing(), { beside: [...beside, answers({ answers: [{ when: 'x', reply: 'y' }], otherwise: 'I see.' })] }],
  [
    forms({
      on: ['question'],
      fields: [{ key: 'Topic', ask: 'What about?', invalid: 'Pardon?' }],
      done: 'Noted: {Topic}.',
    }),
    { dialect: gws852() },
  ],
  [survey({ on: ['thank you'], ask: 'From 1 to 5?', thanks: 'Thank you!' }), { dialect: gws852() }],
  [faq({ entries: [{ title: 'Question', text: 'Ask it.' }], otherwise: 'I do not know.' }), {}],
  [keywords({ rules: [{ when: 'help', say: 'At once.', repeat: true }] }), {}],
  [
    silence({ warnings: [{ after: 20_000, say: 'Hello?' }], finally: { after: 10_000, do: 'close' } }),
    { beside },
  ],
  [guard(), { beside }],
  [hours({ zone: 'UTC', open: {}, closedText: 'We are closed.' }), {}],
  [language({ languages: ['en', 'de'] }), { dialect: gws852() }],
  [disposition({ otherwise: 'over' }), { beside, dialect: gws852() }],
  [transcript({ folder: mkdtempSync(join(tmpdir(), 'usher-contract-')) }), { beside }],
  [wrapUp(), { beside }],
  [recorder({ folder: mkdtempSync(join(tmpdir(), 'usher-contract-')) }), { beside }],
];

describe.each(plugins)('$name', (plugin, options) => {
  it.each(pluginContract(plugin, options))('$promise', ({ check }) => check());
});
