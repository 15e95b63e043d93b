import { type JournalEntry, type Operation, RecordingLines } from 'usher-bots';
import type { Participant } from '../../../../core/model/participant.ts';
import { people, testAgent } from '../../../../core/testing/server/people.ts';

/** The journal of chats, written by hand; each deed is a second after the one before. */
export class RecordedStory {
  readonly #entries: JournalEntry[] = [];
  #at = 0;
  #index = 0;
  #id = '';

  /** A chat that the agent joins. `seenBy`: the shadows that see it. */
  chat(id: string, { seenBy = ['candidate'] as readonly string[], bot = 'live' } = {}): this {
    this.#id = id;
    this.#index = 0;
    const userData = { FirstName: 'Rosalind' };
    this.#write({ kind: 'interaction-began', interactionId: id, type: 'inbound', userData, bot });
    for (const one of seenBy) this.#write({ kind: 'shadow-began', interactionId: id, bot: one });
    return this.line(people.customer, 'said before').line(people.agent, '', 'ParticipantJoined');
  }

  says(text: string): this {
    return this.line(people.customer, text);
  }

  /** Somebody at the agent's login says it by hand. */
  byHand(text: string): this {
    return this.line(people.agent, text);
  }

  /** The live bot says it: asked for, seen in the transcript, sent. */
  did(operation: object, after = 1_000): this {
    this.#at += after;
    const asked = { interactionId: this.#id, plugin: 'answers', ...operation } as Operation;
    this.#write({ kind: 'operation', operation: asked }, 0);
    if (asked.name === 'sendMessage') this.line(people.agent, asked.text, 'Text', 10);
    return this.#write(
      { kind: 'outcome', outcome: { operation: asked, kind: 'sent', attempts: 1 }, took: 20 },
      10,
    );
  }

  would(
    operation: object,
    { bot = 'candidate', withheld = undefined as string | undefined, after = 500 } = {},
  ): this {
    const asked = { interactionId: this.#id, plugin: 'answers', ...operation } as Operation;
    return this.#write(
      {
        kind: 'would-have',
        interactionId: this.#id,
        bot,
        operation: asked,
        ...(withheld !== undefined && { withheld: { kind: 'suppressed' as const, reason: withheld } }),
      },
      after,
    );
  }

  owner(owner: Extract<JournalEntry, { kind: 'owner' }>['owner']): this {
    return this.#write({ kind: 'owner', interactionId: this.#id, owner });
  }

  line(from: Participant, text: string, type: 'Text' | 'ParticipantJoined' = 'Text', after = 1_000): this {
    this.#index += 1;
    const line = { index: this.#index, type, from, text, visibility: 'All' as const };
    const notification = {
      kind: 'transcript' as const,
      interactionId: this.#id,
      lines: [line],
      problems: [],
    };
    return this.#write({ kind: 'notification', topic: '/t', notification }, after);
  }

  /** As a file would hold it. */
  recording(texts: 'all' | 'redacted' = 'all'): string {
    const lines = new RecordingLines({ agent: testAgent, texts, key: 'a secret of sixteen', at: 0 });
    return lines.header + this.#entries.map((entry) => lines.line(entry) ?? '').join('');
  }

  #write(event: Record<string, unknown> & { kind: JournalEntry['kind'] }, after = 1_000): this {
    this.#at += after;
    this.#entries.push({ ...event, agent: testAgent.username, at: this.#at } as unknown as JournalEntry);
    return this;
  }
}
