import { readFileSync } from 'node:fs';
import RiveScript from 'rivescript';
import { UsherError } from '../../core/index.ts';
import type { Brain, Piece } from './brain.ts';

export interface RiveScriptBrainOptions {
  /** Paths of `.rive` files, from the working directory; or URLs. */
  readonly files?: readonly (string | URL)[];
  /** A script itself, beside or instead of files. */
  readonly source?: string;
}

/** In a reply: a human is to take over, for this reason. The rest of the reply is said. */
const handOffMark = /\[hand-off(?: ([\w-]+))?\]/;
const noReply = /^ERR: /;
/** A trigger is made of words: what stands beside a picture would fit none. */
const pictures = /\p{Extended_Pictographic}/gu;

/**
 * Answers by a script, without a network: https://www.rivescript.com/about. User data are its user variables, by their
 * keys. Where no trigger fits, the brain is unsure; `[hand-off REASON]` in a reply fetches a human.
 *
 * @throws UsherError USHER_PLUGIN_OPTIONS when a file cannot be read, or a script has mistakes, with the place.
 */
export function riveScriptBrain({ files = [], source }: RiveScriptBrainOptions): Brain {
  const faults: string[] = [];
  const script = new RiveScript({ utf8: true });
  for (const file of files) script.stream(read(file), (fault: unknown) => faults.push(`${file}: ${fault}`));
  if (source !== undefined) script.stream(source, (fault: unknown) => faults.push(`source: ${fault}`));
  if (faults.length > 0) throw new UsherError('USHER_PLUGIN_OPTIONS', faults.join('\n'));
  script.sortReplies();

  const brain: Brain = async function* ({ interactionId, lines, userData, agent }): AsyncGenerator<Piece> {
    await script.setUservars(interactionId, { ...stringsOf(userData), agent });
    for (const line of lines) {
      const reply = String(await script.reply(interactionId, line.replace(pictures, ' ').trim()));
      if (noReply.test(reply)) {
        yield { kind: 'unsure' };
        continue;
      }
      const [mark, reason = 'asked'] = handOffMark.exec(reply) ?? [];
      const text = mark === undefined ? reply : reply.replace(mark, '').trim();
      if (text !== '') yield { kind: 'text', text };
      if (mark !== undefined) yield { kind: 'hand-off', reason };
    }
  };
  brain.forget = (interactionId) => void script.clearUservars(interactionId);
  return brain;
}

function read(file: string | URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new UsherError('USHER_PLUGIN_OPTIONS', `${file} cannot be read: ${why}`);
  }
}

/** A script knows strings only. */
function stringsOf(userData: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(userData).map(([key, value]) => [key, String(value ?? '')]));
}
