import { readDocstring } from './docstring.ts';
import { declared, type Exported, exportsOf } from './modules.ts';

export interface Entry {
  /** As it is imported. */
  readonly name: string;
  readonly module: string;
  readonly about: string;
}

/** The entries of the package that have a page of their own. */
export const entries = {
  'api/usher-bots': {
    name: 'usher-bots',
    module: 'core/index.ts',
    about: 'What plugins, bots, configs, services, dialects and stores are written with.',
  },
  'api/testing': {
    name: 'usher-bots/testing',
    module: 'core/testing/index.ts',
    about: 'What plugins are tested with; see [Testing](../testing.md).',
  },
  'api/simulator': {
    name: 'usher-bots/simulator',
    module: 'simulator/index.ts',
    about: 'A GWS server for tests; see [Simulator](../simulator.md).',
  },
} as const satisfies Record<string, Entry>;

/** The reference of one entry as Markdown, from its docstrings and its built declarations. */
export function reference({ name, module, about }: Entry, declarationOf: (module: string) => string): string {
  const exported = exportsOf(module);
  const groups = [...new Set(exported.map(({ group }) => group))];
  const parts = groups.flatMap((group) => [
    ...(group === '' ? [] : [`## ${group}`]),
    ...exported.filter((one) => one.group === group).map((one) => describe(one, declarationOf)),
  ]);
  return [`# ${name}`, about, ...parts].join('\n\n');
}

function describe({ name, local, file }: Exported, declarationOf: (module: string) => string): string {
  const { doc, code } = declared(local, file, declarationOf);
  const renamed = code.trim().replace(new RegExp(`^(\\w+(?: class)?) ${local}\\b`), `$1 ${name}`);
  const told = doc === undefined ? undefined : readDocstring(doc);
  return [
    `### ${name}`,
    ...(told === undefined ? [] : [told.text]),
    `\`\`\`ts\n${renamed}\n\`\`\``,
    ...(told?.examples.length ? ['For example:', ...told.examples] : []),
  ].join('\n\n');
}
