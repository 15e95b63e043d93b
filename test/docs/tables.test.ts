import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { program } from '../../core/cli/main.ts';
import { dialectNames, dialects } from '../../core/dialects/index.ts';
import { exitCodes } from '../../core/errors.ts';
import { interactionStates } from '../../core/model/interaction.ts';
import { operationNames } from '../../core/model/operation.ts';
import { faultKinds } from '../../core/testing/server/faults.ts';
import { commandLine } from '../../site/command-line.ts';
import { kindsIn, literalsIn, membersOf, typeIn } from './declarations.ts';
import { code, table, tables } from './markdown.ts';

const page = (name: string): string => readFileSync(`docs/${name}.md`, 'utf8');
const firsts = (rows: readonly (readonly string[])[]): string[] => rows.flatMap(([cell]) => code(cell));

describe('docs/operations.md', () => {
  const text = page('operations');

  it('names the capabilities that permit each operation in each dialect', () => {
    const real = operationNames.map((name) => [
      name,
      ...dialectNames.map((dialect) => {
        const { operations, capabilities } = dialects[dialect].create();
        return operations[name] === undefined ? '–' : capabilities(name).join(' ');
      }),
    ]);
    const told = table('What permits them', text).map(([name, ...cells]) => [
      ...code(name),
      ...cells.map((cell) => (cell === '–' ? '–' : code(cell).join(' '))),
    ]);
    expect(told).toEqual(real);
  });

  it('names every kind of outcome', () => {
    const kinds = literalsIn(typeIn('core/model/outcome.ts', 'OutcomeKind'));
    expect(firsts(table('Outcomes', text))).toEqual(kinds);
  });

  it('names every reason that an outcome may have, and none that is gone', () => {
    const told = table('Outcomes', text).flatMap(([, , reasons]) => code(reasons));
    const files = globSync(['core/gateway/**/*.ts', 'core/bot/**/*.ts', 'core/session/operation-sender.ts']);
    const sources = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const given = [
      ...sources.matchAll(/\breason: '([\w-]+)'/g),
      ...sources.matchAll(/\b(?:suppressed|heldBack)\((?:[\w.#]+, )?[\w.#]+, '([\w-]+)'/g),
    ].map(([, reason = '']) => reason);
    expect([...new Set(told)].sort()).toEqual([...new Set(given)].sort());
  });
});

describe('docs/events.md', () => {
  const text = page('events');

  it('names every kind of notification, and every change', () => {
    const file = 'core/model/notification.ts';
    const names = typeIn(file, 'Notification').match(/\w+(?=\n|;)/g) ?? [];
    const kinds = names.flatMap((name) => kindsIn(typeIn(file, name)));
    expect(firsts(table('Notifications', text))).toEqual(kinds);
    const changes = /change: ([^;]+);/.exec(typeIn(file, 'InteractionChanged'))?.[1] ?? '';
    for (const change of literalsIn(changes)) expect(text).toContain(`\`${change}\``);
  });

  it('names every stream of an interaction, and which replay', () => {
    const streams = membersOf('core/ports.ts', 'Interaction').filter((member) => member.endsWith('$'));
    const rows = table('Streams of an interaction', text);
    expect(firsts(rows)).toEqual(expect.arrayContaining(streams));
    expect(rows.flatMap(([cell]) => code(cell))).toHaveLength(streams.length);
  });

  it('names every state, every kind of interaction and every type of line', () => {
    const [states = [], kinds = []] = tables(text.split('Every stream completes')[1] ?? '');
    expect(firsts(states)).toEqual(interactionStates);
    expect(firsts(kinds)).toEqual(literalsIn(typeIn('core/model/interaction.ts', 'InteractionKind')));
    const types = literalsIn(typeIn('core/model/message.ts', 'MessageType'));
    expect(firsts(table('Lines of a transcript', text))).toEqual(types);
  });

  it('names every kind of journal entry, and every status of a session', () => {
    const file = 'core/model/journal-entry.ts';
    const kinds = [...kindsIn(typeIn(file, 'JournalEvent')), ...kindsIn(typeIn(file, 'Problem'))];
    const rows = table('Journal', text);
    expect(firsts(rows)).toEqual(kinds);
    for (const status of literalsIn(typeIn(file, 'SessionStatus')))
      expect(code(rows[0]?.[1])).toContain(status);
  });
});

describe('docs/analytics.md', () => {
  const text = page('analytics');
  const file = 'core/model/analytics-event.ts';

  it('names every kind of event with its members, and those that all have', () => {
    const facts = typeIn(file, 'AnalyticsFact')
      .split(/(?=readonly kind: )/)
      .slice(1);
    const real = facts.map((fact) => [
      ...kindsIn(fact),
      ...[...fact.matchAll(/readonly (?!kind)(\w+)\??:/g)].map(([, member]) => member),
      ...(fact.includes('Assignment') ? membersOf('core/model/experiment.ts', 'Assignment') : []),
    ]);
    const [envelope = [], kinds = []] = tables(text.split('\n## Events')[1] ?? '');
    expect(firsts(kinds)).toEqual(real.map(([kind]) => kind));
    for (const [at, [, ...members]] of real.entries()) {
      expect(code(kinds[at]?.[2])).toEqual(expect.arrayContaining(members));
    }
    expect(firsts(envelope).sort()).toEqual(['id', 'kind', ...membersOf(file, 'AnalyticsEnvelope')].sort());
  });

  it('names every option of `analytics`', () => {
    const options = membersOf('core/analytics/analytics-options.ts', 'AnalyticsOptions');
    expect(firsts(table('Options', text))).toEqual(options);
  });

  it('shows an event as it is', () => {
    const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
    expect(Object.keys(shown)).toEqual(
      expect.arrayContaining([
        'id',
        ...membersOf(file, 'AnalyticsEnvelope').filter((name) => name !== 'cut'),
      ]),
    );
  });
});

describe('docs/configuration.md', () => {
  const text = page('configuration');
  const config = 'core/config.ts';

  it('names every field', () => {
    expect(firsts(table('The config', text)).sort()).toEqual(membersOf(config, 'UsherConfig').sort());
    expect(firsts(table('`agents\\[\\]`', text)).sort()).toEqual(membersOf(config, 'AgentConfig').sort());
    const server =
      /server\?: ReachOptions & \{([\s\S]*?)\n {2}\};/.exec(typeIn(config, 'UsherConfig'))?.[1] ?? '';
    const own = [...server.matchAll(/readonly (\w+)\?/g)].map(([, name = '']) => name);
    const reach = membersOf('core/server-options.ts', 'ReachOptions');
    expect(firsts(table('`server`', text).map(([name]) => [name ?? ''])).sort()).toEqual(
      [...own, ...reach].sort(),
    );
  });

  it('tells the defaults that the docstrings tell', () => {
    const source = readFileSync(config, 'utf8');
    for (const [name, value] of table('`server`', text)) {
      const number = /^[\d,]+$/.exec(value ?? '')?.[0];
      if (number === undefined) continue;
      const doc = source
        .split(`readonly ${code(name)[0]}?`)[0]
        ?.split('/**')
        .at(-1);
      expect([name, doc]).toEqual([name, expect.stringContaining(`Default: ${number}`)]);
    }
  });
});

describe('docs/testing.md', () => {
  it('names every fault, and what it is', () => {
    const told = table('Under faults', page('testing')).map(([kind, what]) => [...code(kind), what]);
    expect(Object.fromEntries(told)).toEqual(faultKinds);
  });
});

describe('docs/command-line.md', () => {
  it('is what the command line is', async () => {
    await expect(commandLine(program())).toMatchFileSnapshot('../../docs/command-line.md');
  });
});

describe('docs/deployment.md', () => {
  const text = page('deployment');

  it('tells a supervisor what to do for every exit code of its own', () => {
    const { interrupted: _byHand, ...codes } = exitCodes;
    expect((tables(text)[0] ?? []).map(([number]) => Number(number))).toEqual(Object.values(codes));
    expect(text).toContain(`RestartPreventExitStatus=${exitCodes.usage}\n`);
  });

  it('gives the time that stopping takes at most', () => {
    const start = program().commands.find((command) => command.name() === 'start');
    const within = Number(start?.opts()['drainWithin']);
    expect(text).toContain(`open chats have ${within} seconds to end`);
    const steps = 5 * 5;
    expect(text).toContain(`over within ${within + steps} seconds`);
    expect(Number(/TimeoutStopSec=(\d+)/.exec(text)?.[1])).toBeGreaterThan(steps + within);
    expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(text)?.[1])).toBeGreaterThan(steps + 20);
  });
});
