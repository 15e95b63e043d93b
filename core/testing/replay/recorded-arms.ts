import { defer, of } from 'rxjs';
import type { ArmChooser } from '../../bot/running-plugin.ts';
import { armsIn } from '../../experiment/experiment-service.ts';
import type { RecordedEntry } from '../../recording/recording.ts';

/** The arms that chats were in when they were recorded: what decided then need not be there now. */
export function recordedArms(entries: readonly RecordedEntry[]): ArmChooser {
  const chats = new Map<string, Record<string, { readonly arm: string }>>();
  for (const entry of entries) {
    if (entry.kind !== 'assigned') continue;
    chats.set(entry.interactionId, { ...chats.get(entry.interactionId), [entry.experiment]: entry });
  }
  return {
    choose: ({ interaction, experiments }) =>
      defer(() => of(armsIn(experiments, chats.get(interaction.id) ?? {}))),
  };
}
