import { computed, signal } from '@preact/signals';
import type { ChatRow } from '../../wire.ts';
import { now } from '../clock.ts';
import { chats } from '../live.ts';
import { Empty } from '../parts/empty.tsx';
import { Pill } from '../parts/pill.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { route, show } from '../route.ts';
import { span } from '../times.ts';
import { Chat } from './chat.tsx';

const filters = {
  all: { title: 'All', holds: () => true },
  waiting: { title: 'Waiting', holds: ({ waitingSince }: ChatRow) => waitingSince !== undefined },
  human: {
    title: 'With a human',
    holds: ({ owner, ended }: ChatRow) => owner.kind === 'human' && ended === undefined,
  },
  ended: { title: 'Ended', holds: ({ ended }: ChatRow) => ended !== undefined },
} as const;

const chosen = signal<keyof typeof filters>('all');
const wanted = signal('');

const listed = computed(() => {
  const text = wanted.value.trim().toLowerCase();
  const { holds } = filters[chosen.value];
  return [...chats.value.values()]
    .filter(holds)
    .filter(
      ({ customer, id, agent, bot = '' }) =>
        text === '' || `${customer} ${id} ${agent} ${bot}`.toLowerCase().includes(text),
    )
    .sort(
      (one, other) =>
        Number(one.ended !== undefined) - Number(other.ended !== undefined) || other.began - one.began,
    );
});

export function Chats() {
  const { chat } = route.value;
  const selected = chat && `${chat.agent}/${chat.id}`;
  const row = selected === undefined ? undefined : chats.value.get(selected);
  return (
    <div class={`chats ${chat === undefined ? 'chats-list' : 'chats-one'}`}>
      <section class="side" aria-label="All chats">
        <Finder />
        {listed.value.length === 0 ? (
          <Empty
            title={chats.value.size === 0 ? 'No chats yet' : 'No chat fits'}
            hint={
              chats.value.size === 0
                ? 'Chats appear here when they are offered to an agent.'
                : 'Change the filter, or what you look for.'
            }
          />
        ) : (
          <VirtualList
            label="Chats"
            rows={listed.value}
            keyOf={({ key }) => key}
            height={74}
            selected={selected}
            onSelect={({ agent, id }) => show('chats', { agent, id })}
          >
            {(one) => <ChatItem chat={one} />}
          </VirtualList>
        )}
      </section>
      {row === undefined ? (
        <section class="pick" aria-label="Chat">
          <Empty
            title={chat === undefined ? 'Choose a chat' : 'This chat is not known any longer'}
            hint="What was said, who said it and why stands here."
          />
        </section>
      ) : (
        <Chat key={row.key} row={row} />
      )}
    </div>
  );
}

function Finder() {
  return (
    <div class="finder">
      <input
        type="search"
        data-key="/"
        aria-label="Find a chat"
        placeholder="Find a chat   /"
        value={wanted.value}
        onInput={({ currentTarget }) => {
          wanted.value = currentTarget.value;
        }}
      />
      <fieldset class="choices">
        <legend class="unseen">Which chats</legend>
        {(Object.keys(filters) as (keyof typeof filters)[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={chosen.value === name}
            onClick={() => {
              chosen.value = name;
            }}
          >
            {filters[name].title}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function ChatItem({ chat }: { readonly chat: ChatRow }) {
  const { customer, last, typing, owner, waitingSince, problems, ended, began, agent } = chat;
  return (
    <div class={`item ${ended === undefined ? '' : 'item-ended'}`}>
      <div class="item-top">
        <span class="item-name">{customer}</span>
        <span class="item-age">{ended === undefined ? span(now.value - began) : ended}</span>
      </div>
      <div class="item-last">
        {typing.length > 0 ? (
          <span class="item-typing">{typing.join(' and ')} types …</span>
        ) : last === undefined ? (
          <span>Nothing was said yet</span>
        ) : (
          <span>
            {last.from}: {last.text}
          </span>
        )}
      </div>
      <div class="item-marks">
        <span class="item-agent">{agent}</span>
        {owner.kind === 'human' && <Pill tone="human">{owner.name}</Pill>}
        {owner.kind === 'nobody' && ended === undefined && <Pill tone="held">on its way</Pill>}
        {waitingSince !== undefined && <Pill tone="held">waits {span(now.value - waitingSince)}</Pill>}
        {problems > 0 && (
          <Pill tone="bad">
            {problems} {problems === 1 ? 'problem' : 'problems'}
          </Pill>
        )}
      </div>
    </div>
  );
}
