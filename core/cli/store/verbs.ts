import type { Command } from 'commander';
import { command, configOption } from '../flags.ts';

const outboxExplained = `
A batch is what was committed together. Where analytics is set up, a batch waits a second or so; if batches wait for longer,
the log of the workers tells why (USHER_ANALYTICS_AWAY, USHER_ANALYTICS_REFUSED). See docs/analytics.md.

Exit codes:
  0    it was printed
  1    the store cannot be reached
  2    wrong usage or config, or no store in the config`;

const explained = `
Tables are only ever brought forward, and workers of the version before may run meanwhile. The password of --owner is
that in PGPASSWORD, or in the file that PGPASSWORD_FILE names. See docs/store.md.

Exit codes:
  0    the tables are of the newest version, or what is missing was printed
  1    the server cannot be reached, refuses the role, or has newer tables
  2    wrong usage or config, or no store in the config`;

/** The verbs of `usher store`. */
export function storeVerbs(usher: Command): void {
  const store = command(usher, 'store', "look after the config's store").helpCommand(false);

  command(store, 'migrate', 'make the tables of the store, or bring them to the newest version')
    .addOption(configOption())
    .option('--owner <role>', 'the role that owns the tables; default: that of the URL')
    .option('--dry-run', 'print the SQL instead, for psql', false)
    .addHelpText('after', explained)
    .action(async (flags) => (await import('./migrate.ts')).migrateStore(flags));

  command(store, 'outbox', 'show how many batches of analytics events wait, and how old the oldest is')
    .addOption(configOption())
    .option('--json', 'print it as JSON, the age in milliseconds', false)
    .addHelpText('after', outboxExplained)
    .action(async (flags) => (await import('./outbox.ts')).showOutbox(flags));
}
