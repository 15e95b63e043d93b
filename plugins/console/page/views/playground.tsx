import { useEffect, useState } from 'preact/hooks';
import { chats, customers, followPlayground } from '../live.ts';
import { Empty } from '../parts/empty.tsx';
import { act, session } from '../session.ts';
import { Chat } from './chat.tsx';
import { CustomerPane } from './customer-pane.tsx';
import { Faults } from './faults.tsx';

/** Where one is the customer, sees the agent's side, and lets things go wrong. */
export function Playground() {
  const mayPlay = session.value?.playground === true && session.value.authority === 'act';
  useEffect(() => (mayPlay ? followPlayground() : undefined), [mayPlay]);
  const [chosen, choose] = useState<string>();
  if (!mayPlay)
    return (
      <Empty
        title="No playground"
        hint="It is there when Usher runs on its simulator, and for those who may act."
      />
    );
  const all = [...customers.value.values()];
  const shown = all.find(({ chatId }) => chatId === chosen) ?? all.at(-1);
  const row = shown && [...chats.value.values()].filter(({ id }) => id === shown.chatId).at(-1);
  return (
    <div class="playground">
      <section class="street" aria-label="Customers">
        <Arrival onArrived={choose} />
        <div class="panes">
          {all.toReversed().map((customer) => (
            <CustomerPane
              key={customer.chatId}
              customer={customer}
              isChosen={customer.chatId === shown?.chatId}
              onChoose={() => choose(customer.chatId)}
              onAgain={choose}
            />
          ))}
        </div>
        <Faults />
      </section>
      {row === undefined ? (
        <section class="pick" aria-label="The agent's side">
          <Empty
            title={shown === undefined ? 'Be a customer' : `${shown.name} waits for an agent`}
            hint="Let a customer in, and write to the bots. Their side of the chat stands here, with all that happens."
          />
        </section>
      ) : (
        <Chat key={row.key} row={row} />
      )}
    </div>
  );
}

const names = ['Rosa', 'Amir', 'Lena', 'Noah', 'Yuki', 'Omar', 'Elif', 'Luca', 'Nora', 'Ravi'];

function Arrival({ onArrived }: { readonly onArrived: (chatId: string) => void }) {
  const [nth, setNth] = useState(0);
  const [name, setName] = useState('');
  const proposed = names[nth % names.length] ?? 'Rosa';
  const arrive = async (): Promise<void> => {
    const [firstName = proposed, ...rest] = (name.trim() || proposed).split(/\s+/);
    const lastName = rest.join(' ');
    const { chatId } = await act({ do: 'customer-arrives', firstName, ...(lastName && { lastName }) }, true);
    if (chatId === undefined) return;
    setName('');
    setNth(nth + 1);
    onArrived(chatId);
  };
  return (
    <form
      class="arrival"
      onSubmit={(event) => {
        event.preventDefault();
        void arrive();
      }}
    >
      <input
        aria-label="Name of the customer"
        placeholder={proposed}
        maxLength={80}
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <button type="submit" class="main">
        Let a customer in
      </button>
    </form>
  );
}
