import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ignoreElements, mergeMap, tap, toArray } from 'rxjs';
import { z } from 'zod';
import { definePlugin, type Interaction, type Message } from '../core/index.ts';

const options = z.strictObject({
  /** Where the transcripts go, a file for each chat; made if it is not there. */
  folder: z.string().min(1),
  /** One line of JSON, or a page of Markdown. Default: 'json'. */
  format: z.enum(['json', 'markdown']).default('json'),
  /** Whether the user data of the chat are written too. Default: false. */
  userData: z.boolean().default(false),
  /** Whether what only agents saw is written too. Default: false. */
  agentsOnly: z.boolean().default(false),
});

type Options = z.output<typeof options>;

/**
 * Writes down each chat when it is over: who said what, and when. The files hold what customers wrote: only the user
 * who runs the process can read them.
 */
export const transcript = definePlugin({
  name: 'transcript',
  options,
  session:
    (given) =>
    ({ interactions$, agent, log }) =>
      interactions$.pipe(
        mergeMap((interaction) =>
          interaction.messages$.pipe(
            toArray(),
            tap((lines) => {
              if (lines.length === 0) return;
              const shown = lines.filter(({ visibility }) => given.agentsOnly || visibility === 'All');
              write(given, interaction, agent.username, shown);
              log.info({ interaction: interaction.id, lines: shown.length }, 'transcript written');
            }),
          ),
        ),
        ignoreElements(),
      ),
});

/** Whole or not at all: under another name first. */
function write(given: Options, interaction: Interaction, agent: string, lines: readonly Message[]): void {
  const { folder, format } = given;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ending = format === 'json' ? 'json' : 'md';
  const path = join(folder, `${interaction.id.replace(/[^\w.-]/g, '_')}.${ending}`);
  const text = format === 'json' ? asJson(given, interaction, agent, lines) : asMarkdown(interaction, lines);
  writeFileSync(`${path}.part`, text, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

function asJson(
  { userData }: Options,
  interaction: Interaction,
  agent: string,
  lines: readonly Message[],
): string {
  const written = {
    interactionId: interaction.id,
    kind: interaction.kind,
    agent,
    ...(userData && { userData: interaction.now.userData }),
    lines: lines.map(({ index, type, from, text, visibility, at }) => ({
      index,
      ...(at !== undefined && { at: new Date(at).toISOString() }),
      type,
      from: { type: from.type, nickname: from.nickname },
      ...(text !== '' && { text }),
      ...(visibility === 'Agents' && { visibility }),
    })),
  };
  return `${JSON.stringify(written)}\n`;
}

function asMarkdown({ id }: Interaction, lines: readonly Message[]): string {
  const told = lines.map(({ type, from, text, at }) => {
    const time = at === undefined ? '' : `${new Date(at).toISOString().slice(11, 19)} `;
    const what = type === 'Text' ? text.replaceAll('\n', '\n  ') : `*${type}* ${text}`.trim();
    return `- ${time}**${from.nickname || from.type}** ${what}`;
  });
  return `# Chat ${id}\n\n${told.join('\n')}\n`;
}
