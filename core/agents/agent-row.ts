import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Bot } from '../bot/define-bot.ts';
import { messageOf } from '../errors.ts';
import type { SourceContext, SourcedAgent } from './agent-source.ts';

/** A secret by the place it is kept at, or itself. */
export type Secret = string | { readonly env: string } | { readonly file: string };

/** One agent as a table has it. */
export interface AgentRow {
  readonly username: string;
  readonly password?: Secret | undefined;
  readonly nickname?: string | undefined;
  readonly place?: string | undefined;
  /** Names of bots. Default: the only one there is. */
  readonly bots?: string | readonly string[] | undefined;
  /** Whatever else a table has: for a function that chooses the bots. */
  readonly [column: string]: unknown;
}

/** The bots that rows name, or a function that chooses for each. */
export type BotChoice = Readonly<Record<string, () => Bot>> | ((agent: AgentRow) => Bot | readonly Bot[]);

const text = z.string('must be a text').min(1, 'is empty');

const rowSchema = z.looseObject(
  {
    // Basic separates username and password by a colon (RFC 7617).
    username: z
      .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be a text') })
      .min(1, 'is empty')
      .regex(/^[^:]*$/, 'must not contain a colon'),
    password: z
      .union([text, z.strictObject({ env: text }), z.strictObject({ file: text })], {
        error: 'must be { env: NAME }, { file: PATH } or a text',
      })
      .optional(),
    nickname: text.optional(),
    place: text.optional(),
    bots: z.union([text, z.array(text).min(1, 'is empty')], { error: 'must name bots' }).optional(),
  },
  'is no agent: it needs a username',
);

/** One field of a row that is wrong. */
export interface RowFault {
  /** Empty: the whole row. */
  readonly field: string;
  readonly message: string;
}

export interface RowContext extends SourceContext {
  readonly bots: BotChoice;
  /** Whether a password may stand in the row itself. */
  readonly inlinePasswords: boolean;
}

/** The agent of a row, or what is wrong with it. */
export function agentOf(row: unknown, context: RowContext): SourcedAgent | readonly RowFault[] {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  }
  const { username, nickname, place } = parsed.data;
  const faults: RowFault[] = [];
  const noted = <Value>(field: string, read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (thrown) {
      faults.push({ field, message: messageOf(thrown) });
      return undefined;
    }
  };
  const password = noted('password', () => secretOf(parsed.data.password, context));
  const bots = noted('bots', () => botsOf(parsed.data as AgentRow, context.bots));
  return bots === undefined || faults.length > 0 ? faults : { username, password, nickname, place, bots };
}

function secretOf(
  secret: Secret | undefined,
  { env, needsPassword, inlinePasswords }: RowContext,
): string | undefined {
  if (secret === undefined) {
    if (needsPassword) throw new Error('is missing: name the variable that holds it, { env: NAME }');
    return undefined;
  }
  if (typeof secret === 'string') {
    if (inlinePasswords) return secret;
    throw new Error('stands in the file: write { env: NAME } or { file: PATH }, or choose inlinePasswords');
  }
  if ('env' in secret) {
    const value = env[secret.env];
    if (value === undefined) throw new Error(`is to be in ${secret.env}, which is not set: set it`);
    return value;
  }
  return readFileSync(secret.file, 'utf8').trimEnd();
}

function botsOf(row: AgentRow, choice: BotChoice): readonly Bot[] {
  if (typeof choice === 'function') {
    const chosen = [choice(row)].flat() as Bot[];
    if (chosen.length === 0) throw new Error('is empty: the function has chosen none for this agent');
    return chosen;
  }
  const known = Object.keys(choice);
  const names = row.bots === undefined ? known : [row.bots].flat();
  if (row.bots === undefined && known.length !== 1)
    throw new Error(`is missing: name one of ${known.join(', ')}`);
  return names.map((name) => {
    const make = Object.hasOwn(choice, name) ? choice[name] : undefined;
    if (make === undefined) throw new Error(`names ${JSON.stringify(name)}; there are ${known.join(', ')}`);
    return make();
  });
}
