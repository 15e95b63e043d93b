import { computed, signal } from '@preact/signals';

export const viewNames = ['chats', 'agents', 'plugins', 'operations', 'playground', 'audit'] as const;
export type ViewName = (typeof viewNames)[number];

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** What the address shows: a view, and the chat that is looked at. Ids stand in it, and nothing of customers. */
export const route = computed(() => {
  const [view = '', agent, id] = hash.value
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => decodeURIComponent(part));
  const name = viewNames.find((known) => known === view) ?? 'chats';
  return { view: name, ...(agent !== undefined && id !== undefined && { chat: { agent, id } }) };
});

export function addressOf(view: ViewName, chat?: { readonly agent: string; readonly id: string }): string {
  const rest = chat === undefined ? '' : `/${encodeURIComponent(chat.agent)}/${encodeURIComponent(chat.id)}`;
  return `#/${view}${rest}`;
}

export function show(view: ViewName, chat?: { readonly agent: string; readonly id: string }): void {
  location.hash = addressOf(view, chat);
}
