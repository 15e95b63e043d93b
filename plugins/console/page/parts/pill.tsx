import type { ComponentChildren } from 'preact';

export type Tone = 'plain' | 'good' | 'held' | 'bad' | 'human';

export function Pill({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`pill pill-${tone}`}>{children}</span>;
}
