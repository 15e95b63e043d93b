import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../../core/store/open-store.ts';
import { PostgresServer } from '../../test/postgres/postgres-server.ts';
import { circumstancesNow } from '../circumstances.ts';
import { median } from '../compare.ts';
import { parsed, Usage, whole } from '../usage.ts';
import { barePg } from './bare-pg.ts';
import type { Contender, Figures } from './contender.ts';
import { freshDatabase } from './fresh-database.ts';
import { type StoreRow, storeReport } from './store-report.ts';
import { usherStore } from './usher-store.ts';

export const help = `npm run bench -- store [options]

Measures what the stores do in a second: commits of 1 KB over many open interactions, renewals of leases, claims of
agents whose owner is gone. SQLite in a file and PostgreSQL, beside a loop by hand with pg. It starts a PostgreSQL
server of Debian's package, with everything on the disk before it is acknowledged. Prints ratios, and writes them to
bench/results/.

  --interactions <number>  open interactions, ten of an agent, up to 1000000 (default: 2000)
  --orphans <number>       agents that are claimed at most when their owner is gone (default: 10000)
  --lanes <number>         commits under way at a time (default: 200)
  --rounds <number>        turns of each store; medians are reported (default: 3)
  --duration <ms>          how long commits, and renewals, are measured (default: 2000)
  --quick                  one round of a quarter second
  --out <folder>           where the results go (default: bench/results)

Exit codes: 0 measured; 1 a store failed; 2 wrong usage.`;

/** The case `store` of the bench. */
export async function main(argv: readonly string[]): Promise<void> {
  const values = flags(argv);
  if (values.help) return void process.stdout.write(`${help}\n`);
  const load = {
    interactions: whole(values.interactions, '--interactions'),
    orphans: whole(values.orphans, '--orphans'),
    lanes: whole(values.lanes, '--lanes'),
    duration: values.quick ? 250 : whole(values.duration, '--duration'),
  };
  if (load.interactions > 1_000_000) throw new Usage('--interactions must be 1000000 at most');
  const rounds = values.quick ? 1 : whole(values.rounds, '--rounds');
  const server = await PostgresServer.start({
    settings: { shared_buffers: '1GB', max_wal_size: '4GB', wal_compression: 'on' },
  });
  try {
    const contenders = contendersOn(server);
    const taken = new Map<Contender, Figures[]>();
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of contenders) {
        process.stderr.write(`round ${round} of ${rounds}: ${contender.name}\n`);
        taken.set(contender, [...(taken.get(contender) ?? []), await contender.measure(load)]);
      }
    }
    const rows = [...taken].map(([{ name }, figures]): StoreRow => {
      const of = (key: keyof Figures): number => median(figures.map((each) => each[key]));
      return { contender: name, commits: of('commits'), renewals: of('renewals'), claims: of('claims') };
    });
    const circumstances = circumstancesNow();
    const text = storeReport(rows, load, circumstances);
    process.stdout.write(`${text}\n`);
    mkdirSync(values.out, { recursive: true });
    // The other figures are not comparable: neither may take the other's place.
    const name = load.interactions === 1_000_000 ? 'store-million' : 'store';
    const file = join(values.out, `${circumstances.date.slice(0, 10)}-${name}`);
    writeFileSync(`${file}.json`, `${JSON.stringify({ ...circumstances, ...load, rows }, null, 1)}\n`);
    writeFileSync(`${file}.md`, `${text}\n`);
    process.stderr.write(`written to ${file}.json and ${file}.md\n`);
  } finally {
    await server.remove();
  }
}

function contendersOn(server: PostgresServer): readonly Contender[] {
  return [
    barePg('pg by hand, 100 rows a statement', server.url(), 100),
    barePg('pg by hand, a row a statement', server.url(), 1),
    usherStore('PostgreSQL', async () => {
      const url = await freshDatabase(server);
      return { store: await openStore(url, { deadlineMs: 60_000 }), end: async () => {} };
    }),
    usherStore('SQLite, in a file', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'usher-bench-'));
      const end = async (): Promise<void> => rmSync(folder, { recursive: true });
      return { store: await openStore(join(folder, 'usher.db')), end };
    }),
  ];
}

function flags(argv: readonly string[]) {
  return parsed(
    () =>
      parseArgs({
        args: [...argv],
        options: {
          interactions: { type: 'string', default: '2000' },
          orphans: { type: 'string', default: '10000' },
          lanes: { type: 'string', default: '200' },
          rounds: { type: 'string', default: '3' },
          duration: { type: 'string', default: '2000' },
          out: { type: 'string', default: join(import.meta.dirname, '..', 'results') },
          quick: { type: 'boolean', default: false },
          help: { type: 'boolean', short: 'h', default: false },
        },
      }).values,
  );
}
