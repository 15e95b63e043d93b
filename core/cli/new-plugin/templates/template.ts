import type { PluginNames } from '../plugin-names.ts';

/** Modules as the generated files name them. */
interface Doors {
  /** Usher, from the plugin. */
  readonly usher: string;
  /** The plugin, from its test. */
  readonly plugin: string;
}

/** What is written for one kind of plugin. */
export interface Template {
  /** What it does, as a sentence for its page. */
  readonly does: string;
  /** Its options: name, what it means, default. */
  readonly options: readonly (readonly [name: string, meaning: string, value: string])[];
  /** What its config must provide besides, if anything. */
  readonly needs?: (names: PluginNames) => string;
  source(names: PluginNames, doors: Doors): string;
  test(names: PluginNames, doors: Doors): string;
  /** The steps of the scenario between the agent's acceptance and the customer's leave, as YAML. */
  readonly steps: readonly string[];
}

/** Imports as the formatter orders them: packages by name, then files. */
export function importing(names: Readonly<Record<string, string>>): string {
  const isFile = (door: string): boolean => door.startsWith('.');
  return Object.entries(names)
    .sort(([a], [b]) => Number(isFile(a)) - Number(isFile(b)) || a.localeCompare(b))
    .map(([door, what]) => `import { ${what} } from '${door}';`)
    .join('\n');
}
