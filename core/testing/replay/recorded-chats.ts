import { of } from 'rxjs';
import { armsIn } from '../../experiment/experiment-service.ts';
import type { ChatRecord } from '../../experiment/records.ts';
import type { Assignment, Features } from '../../model/experiment.ts';
import type { Recording } from '../../recording/recording.ts';
import { type ReplayOptions, replay } from './replay.ts';

/**
 * The chats of an experiment in a recording: their arms and what they came to as they were recorded, their features as
 * the experiment makes them now, of the chat as it is replayed.
 */
export async function recordedChats(
  recording: Recording,
  key: string,
  options: ReplayOptions,
): Promise<readonly ChatRecord[]> {
  const assigned = new Map<string, Assignment & { readonly t: number }>();
  const features = new Map<string, Features | undefined>();
  for (const entry of recording.entries) {
    if (entry.kind === 'assigned' && entry.experiment === key) assigned.set(entry.interactionId, entry);
  }
  await replay(recording, {
    ...options,
    experiments: {
      choose: ({ interaction, experiments }) => {
        const one = experiments.find((candidate) => candidate.key === key);
        features.set(interaction.id, one?.features?.(interaction));
        const own = assigned.get(interaction.id);
        return of(armsIn(experiments, own === undefined ? {} : { [key]: own }));
      },
    },
  });
  const met = new Set<string>();
  return recording.entries.flatMap((entry): readonly ChatRecord[] => {
    if (entry.kind !== 'measured' || entry.experiment !== key) return [];
    const { interactionId, measures } = entry;
    const own = assigned.get(interactionId);
    if (own === undefined) return [];
    const { arm, unit, reason, propensity, t } = own;
    const known = features.get(interactionId);
    const isFirst = !met.has(unit);
    met.add(unit);
    return [
      {
        arm,
        unit,
        reason,
        ...(propensity !== undefined && { propensity }),
        at: recording.header.at + t,
        agent: recording.header.agent.username,
        interactionId,
        isFirst,
        measures,
        ...(known && { features: known }),
      },
    ];
  });
}
