import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { type MetricDescription, metrics } from '../../plugins/telemetry/metrics.ts';
import { program } from '../debian.ts';

interface Dashboard {
  readonly title: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly w: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const dashboard = JSON.parse(readFileSync('docs/operations/usher.json', 'utf8')) as Dashboard;
const rules = parse(readFileSync('docs/operations/alerts.yaml', 'utf8')) as {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
};

const described = Object.entries<MetricDescription>(metrics).map(([name, metric]) => {
  const inPrometheus = [
    name.replaceAll('.', '_'),
    ...(metric.unit === 's' ? ['seconds'] : []),
    ...(metric.kind === 'counter' ? ['total'] : []),
  ].join('_');
  return { ...metric, name, inPrometheus };
});
const names = new Set(
  described.flatMap(({ kind, inPrometheus }) =>
    kind === 'histogram'
      ? ['bucket', 'sum', 'count'].map((part) => `${inPrometheus}_${part}`)
      : [inPrometheus],
  ),
);

const used = (expr: string): string[] => expr.match(/\busher_\w+/g) ?? [];

function promtool(...args: string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(program('promtool', 'prometheus'), args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

describe('docs/metrics.md', () => {
  it('has every metric as it is', () => {
    const text = readFileSync('docs/metrics.md', 'utf8');
    const row = ({ name, inPrometheus, kind, attributes, description }: (typeof described)[number]) =>
      `| \`${name}\` | \`${inPrometheus}\` | ${kind} | ${attributes.map((one) => `\`${one}\``).join(', ')} | ${description} |`;
    expect(text.split('\n').filter((line) => line.startsWith('| `usher.'))).toEqual(described.map(row));
  });
});

describe('the alert rules', () => {
  it('are rules, and fire when they should', () => {
    expect(promtool('check', 'rules', 'docs/operations/alerts.yaml')).toMatchObject({ status: 0 });
    expect(promtool('test', 'rules', 'docs/operations/alerts.test.yaml')).toMatchObject({ status: 0 });
  });

  it('watch metrics that there are, and are all tested', () => {
    const all = rules.groups.flatMap((group) => group.rules);
    expect(all.flatMap(({ expr }) => used(expr)).filter((name) => !names.has(name))).toEqual([]);
    const tests = readFileSync('docs/operations/alerts.test.yaml', 'utf8');
    expect(all.filter(({ alert }) => !tests.includes(`alertname: ${alert}`))).toEqual([]);
  });
});

describe('the dashboard', () => {
  const exprs = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

  it('has panels that fit on it, each asking what Prometheus understands', async () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    const folder = await mkdtemp(join(tmpdir(), 'usher-rules-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'dashboard.yaml');
    const asRules = exprs.map((expr, nth) => ({
      record: `panel:${nth}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*'),
    }));
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: asRules }] }));
    expect(promtool('check', 'rules', file)).toMatchObject({ status: 0 });
  });

  it('shows every metric there is, and no other', () => {
    const shown = exprs.flatMap(used);
    expect(shown.filter((name) => !names.has(name))).toEqual([]);
    const missing = described.filter(
      ({ inPrometheus }) => !shown.some((name) => name.startsWith(inPrometheus)),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});
