import type { PluginNames } from './plugin-names.ts';
import type { Project } from './project.ts';
import { bot } from './templates/bot.ts';
import { message } from './templates/message.ts';
import { operation } from './templates/operation.ts';
import { session } from './templates/session.ts';
import type { Template } from './templates/template.ts';

const templates = { message, bot, operation, session } as const satisfies Record<string, Template>;

export type PluginKind = keyof typeof templates;

/** A file of the new plugin; the path is below the project's folder, with slashes. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** What belongs to a new plugin: its source, its test, a scenario and its page. */
export function filesOf(names: PluginNames, kind: PluginKind, project: Project): NewFile[] {
  const { name } = names;
  const template = templates[kind];
  const plugin = project.tests === 'plugins' ? `./${name}.ts` : `../../plugins/${name}.ts`;
  const doors = { usher: project.door, plugin };
  return [
    { path: `plugins/${name}.ts`, text: template.source(names, doors) },
    { path: `${project.tests}/${name}.test.ts`, text: template.test(names, doors) },
    { path: `scenarios/${name}.yaml`, text: scenario(names, template) },
    { path: `docs/plugins/${name}.md`, text: page(names, template, project) },
  ];
}

function scenario({ name }: PluginNames, { steps }: Template): string {
  return `name: ${name} in a chat
customer: { name: Mia }
steps:
  - invite
  - expect: { accept: true }
${steps.map((step) => `  ${step}`).join('\n')}
  - customer: leaves
`;
}

function page(names: PluginNames, { does, options, needs }: Template, { shelf }: Project): string {
  const { name, identifier, title } = names;
  const file = shelf === './plugins' ? `${shelf}/${name}.ts` : `${shelf}/${name}`;
  const rows = options.map(([option, meaning, value]) => `| \`${option}\` | ${meaning} | ${value} |`);
  const table = ['| option | meaning | default |', '|---|---|---|', ...rows].join('\n');
  return `# ${title}

${does}

\`\`\`ts
import { defineBot } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { ${identifier} } from '${file}';

export const bot = defineBot({ name: '${name}-bot', plugins: [autoAccept(), ${identifier}()] });
\`\`\`

${options.length === 0 ? 'It has no options.' : table}
${needs === undefined ? '' : `\nIt needs ${needs(names)} of the config.\n`}`;
}
