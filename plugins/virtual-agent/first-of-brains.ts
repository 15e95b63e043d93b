import { lastValueFrom, toArray } from 'rxjs';
import type { Brain, Piece } from './brain.ts';
import { piecesOf } from './pieces.ts';

/** Asks one brain after the other until one is sure. What the unsure ones said is not said; what they cost is told. */
export function firstOfBrains(...brains: readonly Brain[]): Brain {
  const brain: Brain = async function* (turn): AsyncGenerator<Piece> {
    for (const [at, one] of brains.entries()) {
      const pieces = await lastValueFrom(piecesOf(one, turn).pipe(toArray()));
      const isSure = pieces.some(({ kind }) => kind === 'text' || kind === 'hand-off');
      const isUnsure = !isSure || pieces.some(({ kind }) => kind === 'unsure');
      if (isUnsure && at < brains.length - 1) yield* pieces.filter(({ kind }) => kind === 'usage');
      else return yield* pieces;
    }
  };
  brain.forget = (interactionId) => {
    for (const one of brains) one.forget?.(interactionId);
  };
  return brain;
}
