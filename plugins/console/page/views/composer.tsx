import { useState } from 'preact/hooks';
import type { ChatRow } from '../../wire.ts';
import { act } from '../session.ts';

/** Where a human answers, who has the word. */
export function Composer({ row: { agent, id: interaction, owner } }: { readonly row: ChatRow }) {
  const [text, setText] = useState('');
  const [isSending, setSending] = useState(false);
  if (owner.kind !== 'human')
    return <p class="composer-note">Take the chat over to answer the customer yourself.</p>;
  const send = async (): Promise<void> => {
    if (text.trim() === '' || isSending) return;
    setSending(true);
    const { ok } = await act({ do: 'say', agent, interaction, text }, true);
    setSending(false);
    if (ok) setText('');
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        rows={2}
        data-key="r"
        aria-label="Your answer to the customer"
        placeholder="Answer the customer; Enter sends"
        maxLength={4_000}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" class="main" disabled={isSending || text.trim() === ''}>
        {isSending ? 'Sending …' : 'Send'}
      </button>
    </form>
  );
}
