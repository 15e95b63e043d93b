import type { ChatRow } from '../../wire.ts';
import { act, session } from '../session.ts';

/** What one may do with a chat. */
export function ChatActions({ row }: { readonly row: ChatRow }) {
  const { agent, id: interaction, owner, ended, bot } = row;
  const isOpen = ended === undefined;
  const isTaken = owner.kind === 'human';
  const scenario = `./api/scenarios/${encodeURIComponent(agent)}/${encodeURIComponent(interaction)}`;
  return (
    <div class="actions">
      {isOpen && (
        <button
          type="button"
          data-key="t"
          class={isTaken ? '' : 'main'}
          onClick={() => void act({ do: isTaken ? 'give-back' : 'take-over', agent, interaction })}
        >
          {isTaken ? 'Give back to the bot' : 'Take over'}
        </button>
      )}
      {isOpen && bot !== undefined && !isTaken && (
        <button type="button" onClick={() => void act({ do: 'hand-off', agent, interaction })}>
          Hand off
        </button>
      )}
      {session.value?.texts && (
        <a class="button" href={scenario} download>
          Save as scenario
        </a>
      )}
    </div>
  );
}
