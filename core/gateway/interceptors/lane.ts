import { Observable, type Subscription } from 'rxjs';
import type { Outcome } from '../../model/outcome.ts';
import type { Interceptor } from '../../ports.ts';

/** One operation of an interaction at a time, in the order they were asked for; interactions do not wait for each other. */
export function lane(): Interceptor {
  const lanes = new Map<string, (() => void)[]>();

  return (operation, next) =>
    new Observable<Outcome>((subscriber) => {
      const id = operation.interactionId;
      let work: Subscription | undefined;
      const start = (): void => {
        work = next(operation).subscribe(subscriber);
        work.add(() => advance(lanes, id));
      };
      const queue = lanes.get(id);
      if (queue === undefined) {
        lanes.set(id, []);
        start();
      } else {
        queue.push(start);
      }
      return () => {
        if (work !== undefined) return work.unsubscribe();
        const waiting = lanes.get(id);
        const place = waiting?.indexOf(start) ?? -1;
        if (place >= 0) waiting?.splice(place, 1);
      };
    });
}

function advance(lanes: Map<string, (() => void)[]>, id: string): void {
  const following = lanes.get(id)?.shift();
  if (following === undefined) lanes.delete(id);
  else following();
}
