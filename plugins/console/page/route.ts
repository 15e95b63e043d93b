import { computed, signal } from '@preact/signals';

export const viewNames = [
  'chats',
  'agents',
  'fleet',
  'plugins',
  'operations',
  'experiments',
  'playground',
  'audit',
] as const;
export type ViewName = (typeof viewNames)[number];

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

export interface Route {
  readonly view: ViewName;
  readonly chat?: { readonly agent: string; readonly id: string };
  readonly experiment?: string;
}

/** What the address shows: a view, and the chat or the experiment that is looked at. Ids stand in it, and nothing of customers. */
export const route = computed((): Route => {
  const [view = '', first, second] = hash.value
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => decodeURIComponent(part));
  const name = viewNames.find((known) => known === view) ?? 'chats';
  if (name === 'experiments') return { view: name, ...(first !== undefined && { experiment: first }) };
  return {
    view: name,
    ...(first !== undefined && second !== undefined && { chat: { agent: first, id: second } }),
  };
});

export function addressOf(view: ViewName, chat?: { readonly agent: string; readonly id: string }): string {
  const rest = chat === undefined ? '' : `/${encodeURIComponent(chat.agent)}/${encodeURIComponent(chat.id)}`;
  return `#/${view}${rest}`;
}

/** Default: all of them. */
export function addressOfExperiment(key?: string): string {
  return key === undefined
    ? addressOf('experiments')
    : `${addressOf('experiments')}/${encodeURIComponent(key)}`;
}

export function show(view: ViewName, chat?: { readonly agent: string; readonly id: string }): void {
  location.hash = addressOf(view, chat);
}
