import { BehaviorSubject, distinctUntilChanged, map, type Observable, Subscription, timer } from 'rxjs';
import type { Clock } from '../ports.ts';

/** When a plugin that fails again and again is kept away from the chats, and for how long. */
export interface QuarantineOptions {
  /** So many failures … Default: 5. */
  readonly failures?: number;
  /** … within so many milliseconds. Default: 60,000. */
  readonly within?: number;
  /** Milliseconds until it is tried again; doubles, up to ten minutes, each time that this fails. Default: 60,000. */
  readonly pause?: number;
}

/**
 * `probing`: it has been let out again, and the next failure brings it back; ten seconds without one, or a line
 * that was handled, and all is well.
 */
export type PluginState = 'running' | 'quarantined' | 'probing';

/** How a plugin is doing in one agent session. */
export interface PluginStatus {
  readonly plugin: string;
  readonly state: PluginState;
  /** Failures that still count. */
  readonly failures: number;
  /** When it came into this state, in milliseconds since 1970. */
  readonly since: number;
  /** Lines of customers that wait for it, or that it handles now, in all chats. */
  readonly lines: number;
}

export interface QuarantineListener {
  /** `until`: when it is tried again; absent: when somebody releases it. */
  readonly onQuarantined: (reason: string, until: number | undefined) => void;
  readonly onReleased: () => void;
}

const longestPause = 600_000;
const probation = 10_000;

/** Keeps one plugin of one agent session away from the chats while it does more harm than good. */
export class Quarantine {
  readonly #plugin: string;
  readonly #clock: Clock;
  readonly #options: Required<QuarantineOptions>;
  readonly #listener: QuarantineListener;
  readonly #state: BehaviorSubject<PluginState>;
  readonly #failures: number[] = [];
  #since: number;
  #pause: number;
  #timer = new Subscription();

  constructor(plugin: string, clock: Clock, options: QuarantineOptions, listener: QuarantineListener) {
    this.#plugin = plugin;
    this.#clock = clock;
    this.#options = { failures: 5, within: 60_000, pause: 60_000, ...options };
    this.#listener = listener;
    this.#state = new BehaviorSubject<PluginState>('running');
    this.#since = clock.now();
    this.#pause = this.#options.pause;
  }

  /** Whether the plugin may work. */
  get isFree(): boolean {
    return this.#state.value !== 'quarantined';
  }

  get isFree$(): Observable<boolean> {
    return this.#state.pipe(
      map((state) => state !== 'quarantined'),
      distinctUntilChanged(),
    );
  }

  get status(): Omit<PluginStatus, 'lines'> {
    this.#forget();
    return {
      plugin: this.#plugin,
      state: this.#state.value,
      failures: this.#failures.length,
      since: this.#since,
    };
  }

  fail(reason: string): void {
    if (this.#state.value === 'quarantined') return;
    this.#failures.push(this.#clock.now());
    this.#forget();
    if (this.#state.value === 'probing') {
      this.#pause = Math.min(this.#pause * 2, longestPause);
      this.quarantine(reason);
    } else if (this.#failures.length >= this.#options.failures) {
      this.quarantine(reason);
    }
  }

  /** Something went well. */
  succeed(): void {
    if (this.#state.value === 'probing') this.release();
  }

  /** `untilReleased`: it is not tried again before somebody says so. */
  quarantine(reason: string, untilReleased = false): void {
    this.#enter('quarantined');
    this.#listener.onQuarantined(reason, untilReleased ? undefined : this.#clock.now() + this.#pause);
    if (untilReleased) return;
    this.#timer = timer(this.#pause).subscribe(() => {
      this.#enter('probing');
      this.#timer = timer(probation).subscribe(() => this.release());
    });
  }

  release(): void {
    if (this.#state.value === 'running') return;
    this.#failures.length = 0;
    this.#pause = this.#options.pause;
    this.#enter('running');
    this.#listener.onReleased();
  }

  close(): void {
    this.#timer.unsubscribe();
  }

  #enter(state: PluginState): void {
    this.#timer.unsubscribe();
    this.#since = this.#clock.now();
    this.#state.next(state);
  }

  #forget(): void {
    const oldest = this.#clock.now() - this.#options.within;
    while (this.#failures[0] !== undefined && this.#failures[0] < oldest) this.#failures.shift();
  }
}
