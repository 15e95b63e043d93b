import { from, mergeMap, type Observable, type ObservableInput, of } from 'rxjs';
import type { Brain, Piece, Turn } from './brain.ts';

/** What a brain says, whatever it returns, as one stream. */
export function piecesOf(brain: Brain, turn: Turn): Observable<Piece> {
  const said = from(brain(turn) as ObservableInput<Piece | readonly Piece[]>);
  return said.pipe(mergeMap((piece) => (isList(piece) ? from(piece) : of(piece))));
}

function isList(piece: Piece | readonly Piece[]): piece is readonly Piece[] {
  return Array.isArray(piece);
}
