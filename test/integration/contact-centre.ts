import { filter, firstValueFrom, map, merge, of, Subject } from 'rxjs';
import {
  type Bot,
  type ConfigInput,
  Host,
  type HostHooks,
  type JournalEntry,
  resolveConfig,
} from 'usher-bots';
import {
  type SimulatedAgent,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from 'usher-bots/simulator';
import { onTestFinished } from 'vitest';
import { silentLog } from '../../core/session/silent-log.ts';

/** A human colleague who takes every consultation. */
export const cora: SimulatedAgent = {
  username: 'cora',
  password: 'unused',
  id: 'c0ab1a4e5d2f4b7c9e8a3f6d1c0b2a49',
  firstName: 'Cora',
  skills: ['Cards'],
  capacity: 50,
  human: { acceptAfter: 5, says: ['Cora here.'] },
};

export const password = 'correct horse';

export const seat = (username: string, capacity = 1): SimulatedAgent => ({
  username,
  password,
  firstName: username,
  capacity,
});

/** A simulated server that is closed with the test. */
export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const started = await startSimulator({ agents: [seat('Ada', 5), cora], ...options });
  onTestFinished(() => started.close());
  return started;
}

export interface Running {
  readonly host: Host;
  readonly entries: JournalEntry[];
  /** Resolves when an entry of the journal, past or future, fits. */
  until(fits: (entry: JournalEntry) => boolean): Promise<JournalEntry>;
}

/** Agents on a server, ready, stopped with the test. */
export async function running(config: ConfigInput, hooks: HostHooks = {}): Promise<Running> {
  const host = new Host(resolveConfig(config), silentLog, hooks);
  const entries: JournalEntry[] = [];
  const added = new Subject<void>();
  host.journal.entries$.subscribe((entry) => {
    entries.push(entry);
    added.next();
  });
  onTestFinished(async () => void (await host.stop()));
  const failed = await host.start();
  const [first] = failed;
  if (first !== undefined) throw first.error;
  const until = (fits: (entry: JournalEntry) => boolean): Promise<JournalEntry> =>
    firstValueFrom(
      merge(of(undefined), added).pipe(
        map(() => entries.find(fits)),
        filter((found) => found !== undefined),
      ),
    );
  return { host, entries, until };
}

/** One agent with one bot. */
export const oneSeat = (url: string, bot: Bot, username = 'Ada'): ConfigInput => ({
  server: { url },
  agents: [{ username, password, nickname: username, bots: [bot] }],
});
