import type { Agent } from '../model/agent.ts';
import type { JournalEvent } from '../model/journal-entry.ts';

/** Which of the texts are readable: none, those of the agent itself, or all. */
export const textPolicies = ['redacted', 'own', 'all'] as const;
export type TextPolicy = (typeof textPolicies)[number];

/** The first line of a recording. */
export interface RecordingHeader {
  readonly format: 'usher-recording';
  readonly version: 1;
  readonly agent: Agent;
  readonly texts: TextPolicy;
  /** When it begins, in milliseconds since 1970. */
  readonly at: number;
}

/** The kinds of journal entries that a recording keeps. */
export const recordedKinds = [
  'session',
  'resynchronised',
  'snapshot',
  'notification',
  'interaction-began',
  'interaction-ended',
  'owner',
  'assigned',
  'exposed',
  'measured',
  'operation',
  'outcome',
  'shadow-began',
  'would-have',
  'problem',
] as const;

export type RecordedEvent = Extract<JournalEvent, { kind: (typeof recordedKinds)[number] }>;

/** Every other line: what happened, and when: `t` is in milliseconds since the recording began. */
export type RecordedEntry = RecordedEvent & { readonly t: number };

export interface Recording {
  readonly header: RecordingHeader;
  readonly entries: readonly RecordedEntry[];
}

export const recordingVersion = 1;
