import type { HostContext, JournalEntry } from '../../core/index.ts';
import type { PluginRow } from './wire.ts';

/** How the plugins are doing, each in all agent sessions together. */
export class PluginRows {
  readonly #host: HostContext;
  readonly #failures = new Map<string, number>();
  readonly #quarantines = new Map<string, { readonly reason: string; readonly until?: number }>();

  constructor(host: HostContext) {
    this.#host = host;
  }

  take(entry: JournalEntry): void {
    if (entry.kind === 'plugin-quarantined') {
      const { plugin, reason, until } = entry;
      this.#quarantines.set(plugin, { reason, ...(until !== undefined && { until }) });
    }
    if (entry.kind === 'problem' && entry.plugin !== undefined)
      this.#failures.set(entry.plugin, (this.#failures.get(entry.plugin) ?? 0) + 1);
  }

  rows(): readonly PluginRow[] {
    const rows = new Map<string, { running: number; probing: number; quarantined: number; lines: number }>();
    for (const { plugin, state, lines } of this.#host.agents.flatMap(({ plugins }) => plugins)) {
      const row = rows.get(plugin) ?? { running: 0, probing: 0, quarantined: 0, lines: 0 };
      rows.set(plugin, row);
      row[state] += 1;
      row.lines += lines;
    }
    return [...rows].map(([plugin, row]) => ({
      plugin,
      ...row,
      failures: this.#failures.get(plugin) ?? 0,
      ...(row.quarantined > 0 && this.#quarantines.get(plugin)),
    }));
  }
}
