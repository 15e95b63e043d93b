import { createInterface } from 'node:readline/promises';
import { UsherError } from '../errors.ts';
import { filesOf, type PluginKind } from './new-plugin/files.ts';
import { isPluginName, nearestName, pluginNames } from './new-plugin/plugin-names.ts';
import { type Project, projectIn } from './new-plugin/project.ts';
import { writeNew } from './new-plugin/write-new.ts';
import { dim, green } from './show/colours.ts';

export interface PluginNewFlags {
  readonly kind: PluginKind;
  readonly dir: string;
  readonly force: boolean;
}

/** `usher plugin new`: the files of a new plugin, in a project that uses Usher. */
export async function pluginNew(given: string | undefined, flags: PluginNewFlags): Promise<void> {
  const project = projectIn(flags.dir);
  const name = given ?? (await askName());
  if (!isPluginName(name)) {
    const near = nearestName(name);
    const hint = near === undefined ? '' : `: ${near} would do`;
    throw new UsherError('USHER_PLUGIN_NAME', `a plugin cannot be called "${name}"${hint}`);
  }
  const names = pluginNames(name);
  const files = filesOf(names, flags.kind, project);
  for (const file of files) {
    const done = writeNew(project.folder, file, flags.force);
    const hint = done === 'kept' ? dim('  it exists already; --force overwrites it') : '';
    process.stdout.write(`${done === 'wrote' ? green('wrote') : 'kept '}  ${file.path}${hint}\n`);
  }
  process.stdout.write(
    `\nnext:\n${next(project, names.identifier, name)
      .map((line) => `  ${line}\n`)
      .join('')}`,
  );
}

async function askName(): Promise<string> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsherError('USHER_PLUGIN_NAME', 'the name of the plugin is missing');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question('name of the plugin, in kebab-case: ')).trim();
  } finally {
    terminal.close();
  }
}

function next({ folder, tests, lacks, isUsher }: Project, identifier: string, name: string): string[] {
  return [
    ...(folder === process.cwd() ? [] : [`cd ${folder}`]),
    ...lacks,
    `npx vitest run ${tests}/${name}.test.ts`,
    dim(`then put ${identifier}() among the plugins of a bot`),
    ...(isUsher ? [dim("and a row into the README's table of plugins")] : []),
  ];
}
