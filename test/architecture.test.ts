import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const rooms = ['core', 'plugins', 'bots', 'simulator', 'site'];

/** Every source file with what it imports: paths below the root for our own, names for packages. */
const imports = new Map(
  rooms
    .flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
    )
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('plugins/console/built/'))
    .map((file) => [file, importsOf(file)] as const),
);

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
  const specifiers = [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
    ([, name = '']) => name,
  );
  return specifiers.map((name) =>
    name.startsWith('.') ? normalize(join(dirname(file), name)) : packageOf(name),
  );
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

const isOurs = (name: string): boolean => /\.tsx?$/.test(name);

/** Who may import whom: the first row whose room a file is in. */
const mayImport: readonly [room: string, ...allowed: string[]][] = [
  ['core/model/', 'core/model/'],
  ['core/errors.ts'],
  ['core/ports.ts', 'core/model/', 'core/errors.ts'],
  ['core/streams/', 'core/streams/', 'core/ports.ts', 'core/model/', 'core/errors.ts'],
  ['core/bot/', 'core/bot/', 'core/ports.ts', 'core/model/', 'core/errors.ts'],
  ['core/gateway/', 'core/gateway/', 'core/ports.ts', 'core/model/', 'core/errors.ts'],
  ['core/dialects/', 'core/dialects/', 'core/ports.ts', 'core/model/', 'core/errors.ts'],
  ['core/statistics/', 'core/statistics/', 'core/model/estimate.ts'],
  [
    'core/experiment/',
    'core/experiment/',
    'core/statistics/',
    'core/streams/',
    'core/bot/',
    'core/store/',
    'core/ports.ts',
    'core/model/',
    'core/errors.ts',
  ],
  [
    'core/analytics/',
    'core/analytics/',
    'core/recording/',
    'core/store/',
    'core/ports.ts',
    'core/model/',
    'core/errors.ts',
  ],
  ['core/recording/', 'core/recording/', 'core/model/', 'core/errors.ts', 'core/ports.ts'],
  [
    'core/store/',
    'core/store/',
    'core/fleet/process-name.ts',
    'core/ports.ts',
    'core/model/',
    'core/errors.ts',
  ],
  ['core/fleet/', 'core/fleet/', 'core/store/', 'core/ports.ts', 'core/model/', 'core/errors.ts'],
  ['core/transport/', 'core/transport/', 'core/ports.ts', 'core/model/', 'core/errors.ts'],
  [
    'core/session/',
    'core/session/',
    'core/agents/agent-source.ts',
    'core/analytics/',
    'core/experiment/',
    'core/streams/',
    'core/bot/',
    'core/gateway/',
    'core/dialects/',
    'core/fleet/',
    'core/store/',
    'core/transport/',
    'core/ports.ts',
    'core/model/',
    'core/errors.ts',
  ],
  ['core/config-faults.ts', 'core/bot/'],
  ['core/config-issues.ts', 'core/errors.ts'],
  ['core/agents/', 'core/agents/', 'core/bot/', 'core/ports.ts', 'core/model/', 'core/errors.ts'],
  [
    'core/config.ts',
    'core/analytics/analytics-options.ts',
    'core/config-faults.ts',
    'core/config-issues.ts',
    'core/agents/agent-source.ts',
    'core/bot/',
    'core/dialects/',
    'core/experiment/flag-provider.ts',
    'core/fleet/fleet-options.ts',
    'core/session/longest-operation.ts',
    'core/session/services.ts',
    'core/session/persistence.ts',
    'core/server-options.ts',
    'core/store-options.ts',
    'core/store/open-store.ts',
    'core/transport/network.ts',
    'core/errors.ts',
  ],
  ['core/host-hooks.ts', 'core/bot/', 'core/store/'],
  [
    'core/host.ts',
    'core/host-hooks.ts',
    'core/analytics/',
    'core/agents/',
    'core/config.ts',
    'core/bot/',
    'core/experiment/',
    'core/recording/',
    'core/fleet/',
    'core/session/',
    'core/store/',
    'core/transport/',
    'core/ports.ts',
    'core/model/',
    'core/errors.ts',
  ],
  ['core/cli/', 'core/', 'simulator/index.ts'],
  ['core/', 'core/'],
  [
    'plugins/console/page/',
    'plugins/console/page/',
    'plugins/console/wire.ts',
    'core/model/experiment-figures.ts',
    'core/model/experiment-report.ts',
    'core/model/fleet-state.ts',
  ],
  // The page is built for a browser, where the public door cannot go.
  ['plugins/console/wire.ts', 'core/model/experiment-report.ts', 'core/model/fleet-state.ts'],
  ['plugins/console', 'core/index.ts', 'plugins/console/', 'plugins/telemetry/'],
  ['plugins/analytics', 'core/index.ts', 'plugins/analytics/'],
  ['plugins/faq', 'core/index.ts', 'plugins/faq/'],
  ['plugins/forms', 'core/index.ts', 'plugins/forms/'],
  ['plugins/guard', 'core/index.ts', 'plugins/guard/'],
  ['plugins/hours', 'core/index.ts', 'plugins/hours/'],
  ['plugins/telemetry', 'core/index.ts', 'plugins/telemetry/'],
  ['plugins/virtual-agent', 'core/index.ts', 'plugins/virtual-agent/', 'plugins/faq/'],
  ['plugins/', 'core/index.ts'],
  ['bots/', 'core/index.ts', 'plugins/'],
  ['simulator/', 'simulator/'],
  ['site/', 'site/', 'core/errors.ts'],
];

/** Packages that only one room may know. */
const confined: Readonly<Record<string, readonly string[]>> = {
  vitest: ['core/testing/vitest/'],
  cometd: ['core/transport/'],
  'cometd-nodejs-client': ['core/transport/'],
  ky: ['core/transport/', 'plugins/analytics/', 'plugins/virtual-agent/'],
  '@nats-io/jetstream': ['plugins/analytics/'],
  '@nats-io/transport-node': ['plugins/analytics/'],
  undici: ['core/transport/'],
  'csv-parse': ['core/agents/'],
  jstat: ['core/statistics/'],
  '@openfeature/core': ['core/experiment/flag-provider.ts'],
  '@openfeature/server-sdk': ['core/experiment/'],
  'tough-cookie': ['core/transport/'],
  'node:sqlite': ['core/store/'],
  pg: ['core/store/postgres/'],
  kysely: ['core/store/postgres/'],
  inversify: ['core/session/', 'core/host.ts'],
  'reflect-metadata': ['core/session/'],
  commander: ['core/cli/', 'site/'],
  'markdown-it': ['site/'],
  shiki: ['site/'],
  'oxc-parser': ['site/'],
  pino: ['core/cli/'],
  fastify: ['simulator/', 'plugins/console/'],
  'cometd-nodejs-server': ['simulator/'],
  '@fastify/cookie': ['plugins/console/'],
  '@fastify/helmet': ['plugins/console/'],
  '@fastify/rate-limit': ['plugins/console/'],
  '@fastify/static': ['plugins/console/'],
  preact: ['plugins/console/page/'],
  vite: ['plugins/console/page/'],
  '@opentelemetry/api': ['plugins/telemetry/'],
  '@opentelemetry/sdk-metrics': ['plugins/telemetry/', 'plugins/console/'],
  '@opentelemetry/sdk-trace': ['plugins/telemetry/'],
};

describe('architecture', () => {
  it('finds the sources', () => {
    expect(imports.size).toBeGreaterThan(60);
  });

  it('lets each room import only the rooms below it', () => {
    const breaches = [...imports].flatMap(([file, names]) => {
      const rule = mayImport.find(([room]) => file.startsWith(room));
      const allowed = rule?.slice(1) ?? [];
      return names
        .filter((name) => isOurs(name) && !allowed.some((room) => name.startsWith(room)))
        .map((name) => `${file} imports ${name}`);
    });
    expect(breaches).toEqual([]);
  });

  it('keeps the CLI to itself, and the testing kit to itself and the CLI', () => {
    const users: Readonly<Record<string, readonly string[]>> = {
      'core/cli/': ['core/cli/'],
      'core/testing/': ['core/testing/', 'core/cli/'],
    };
    const breaches = [...imports].flatMap(([file, names]) =>
      names
        .filter((name) => {
          const room = Object.keys(users).find((one) => name.startsWith(one));
          return room !== undefined && !users[room]?.some((user) => file.startsWith(user));
        })
        .map((name) => `${file} imports ${name}`),
    );
    expect(breaches).toEqual([]);
  });

  it('lets nothing that a shadow acts by reach what sends', () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const name of imports.get(file) ?? []) visit(name);
    };
    visit('core/session/shadow/shadows.ts');
    visit('core/session/shadow/closed-gateway.ts');
    expect([...reached]).toContain('core/gateway/gateway.ts');
    const ways =
      /^core\/(transport\/|session\/(operation-sender|gws-calls|transcripts|seat|agent-session)\.ts)/;
    expect([...reached].filter((file) => ways.test(file))).toEqual([]);
    expect([...reached].filter((name) => ['ky', 'undici', 'cometd'].includes(name))).toEqual([]);
  });

  it('confines each library to the room that is about it', () => {
    const breaches = [...imports].flatMap(([file, names]) =>
      names
        .filter(
          (name) => Object.hasOwn(confined, name) && !confined[name]?.some((room) => file.startsWith(room)),
        )
        .map((name) => `${file} imports ${name}`),
    );
    expect(breaches).toEqual([]);
  });

  it('gives plugins the public door, rxjs, zod, and what they are about', () => {
    const about: Readonly<Record<string, readonly string[]>> = {
      'bots/virtual-agent.ts': ['node:url'],
      'plugins/analytics/http-sink.ts': ['ky'],
      'plugins/analytics/json-lines-sink.ts': ['node:fs', 'node:fs/promises', 'node:path'],
      'plugins/analytics/nats-sink.ts': ['@nats-io/jetstream', '@nats-io/transport-node'],
      'plugins/analytics/sink-options.ts': ['node:fs'],
      'plugins/console/access.ts': ['node:crypto'],
      'plugins/console/audit.ts': ['node:fs'],
      'plugins/console/desktop.ts': ['fastify'],
      'plugins/console/listen.ts': ['fastify'],
      'plugins/console/live.ts': ['fastify', 'node:stream'],
      'plugins/console/origin.ts': ['fastify'],
      'plugins/console/probes.ts': [
        '@opentelemetry/exporter-prometheus',
        '@opentelemetry/sdk-metrics',
        'fastify',
      ],
      'plugins/console/routes-actions.ts': ['fastify'],
      'plugins/console/routes-live.ts': ['fastify'],
      'plugins/console/routes-session.ts': ['fastify'],
      'plugins/console/server.ts': [
        '@fastify/cookie',
        '@fastify/helmet',
        '@fastify/rate-limit',
        '@fastify/static',
        'fastify',
        'node:fs',
        'node:url',
      ],
      'plugins/telemetry/exporters.ts': [
        '@opentelemetry/exporter-metrics-otlp-http',
        '@opentelemetry/exporter-trace-otlp-http',
        '@opentelemetry/resources',
        '@opentelemetry/sdk-metrics',
        '@opentelemetry/sdk-trace',
      ],
      'plugins/telemetry/instruments.ts': ['@opentelemetry/api'],
      'plugins/telemetry/measure.ts': ['@opentelemetry/api'],
      'plugins/telemetry/trace.ts': ['@opentelemetry/api'],
      'plugins/faq/knowledge.ts': ['minisearch', 'node:fs', 'node:path'],
      'plugins/guard.ts': ['obscenity'],
      'plugins/hours/schedule.ts': ['luxon', 'node:module'],
      'plugins/language.ts': ['tinyld'],
      'plugins/recorder.ts': ['node:crypto', 'node:fs', 'node:path'],
      'plugins/transcript.ts': ['node:fs', 'node:path'],
      'plugins/virtual-agent/llm-brain.ts': ['@ai-sdk/openai-compatible', 'ai', 'node:fs'],
      'plugins/virtual-agent/rasa-brain.ts': ['ky'],
      'plugins/virtual-agent/rivescript-brain.ts': ['node:fs', 'rivescript'],
      'plugins/virtual-agent/webhook-brain.ts': ['ky', 'node:crypto'],
    };
    const breaches = [...imports]
      // The page runs in a browser: it is built of a front-end library.
      .filter(([file]) => !file.startsWith('plugins/console/page/'))
      .filter(([file]) => file.startsWith('plugins/') || file.startsWith('bots/'))
      .flatMap(([file, names]) =>
        names
          .filter((name) => !isOurs(name) && !['rxjs', 'zod', ...(about[file] ?? [])].includes(name))
          .map((name) => `${file} imports ${name}`),
      );
    expect(breaches).toEqual([]);
  });

  it('has no cycles', () => {
    const finished = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (finished.has(file)) return;
      for (const name of imports.get(file) ?? []) if (isOurs(name)) visit(name, [...path, file]);
      finished.add(file);
    };
    for (const file of imports.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('takes time only from RxJS and the clock', () => {
    const wallClock = /\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval|Immediate)\(/;
    // The clocks of the simulator and of the page in the browser are the real one; virtual time waits for promises between its moments.
    const clocks = ['simulator/clock.ts', 'core/testing/virtual-time.ts', 'plugins/console/page/clock.ts'];
    const breaches = [...imports.keys()]
      .filter((file) => !clocks.includes(file) && wallClock.test(readFileSync(file, 'utf8')))
      .map((file) => `${file} has a time of its own`);
    expect(breaches).toEqual([]);
  });

  it('keeps every file small enough to be read in one go', () => {
    const long = [...imports.keys()].filter((file) => readFileSync(file, 'utf8').split('\n').length > 300);
    expect(long).toEqual([]);
  });
});
