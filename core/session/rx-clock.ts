import { asyncScheduler } from 'rxjs';
import { Clock } from '../ports.ts';

/** The clock of RxJS: real in a process, virtual inside a test scheduler's run. */
export class RxClock extends Clock {
  override now(): number {
    return asyncScheduler.now();
  }
}
