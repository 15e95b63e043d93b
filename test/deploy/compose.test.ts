import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Simulator, startSimulator } from 'usher-bots/simulator';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PostgresServer } from '../postgres/postgres-server.ts';
import { image } from './dockerfile.ts';
import { compose, environmentOf, folder, manifest, type Service } from './files.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const given = { OWNER_PASSWORD: "own'er", WORKER_PASSWORD: "wor'ker", CONSOLE_TOKEN: 'of sixteen and more' };
const { services } = compose;
const usher = ['--conditions=usher-source', join(process.cwd(), 'core/cli/usher.ts')];

/** The services as Compose would start them, as processes of this machine; in the order in which they depend on each other. */
describe('compose.yaml, played without containers', { timeout: 120_000 }, () => {
  let server: PostgresServer;
  let simulator: Simulator;

  /** What a service is given, where the others are at addresses of this machine. */
  const environment = (service: Service): Record<string, string> =>
    Object.fromEntries(
      Object.entries({ ...image.environment, ...environmentOf(service, given) }).map(([name, value]) => [
        name,
        value
          .replace('@postgres/', `@127.0.0.1:${server.port}/`)
          .replace('http://simulator:4610', simulator.url),
      ]),
    );
  const inherited = { PATH: process.env['PATH'] ?? '' };
  const start = (service: Service, more: Record<string, string> = {}) => {
    const env = { ...inherited, ...environment(service), HOST: '127.0.0.1', ...more };
    const child = spawn(process.execPath, [...usher, ...(service.command ?? [])], { cwd: folder, env });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said: string[] = [];
    for (const output of [child.stdout, child.stderr])
      output.setEncoding('utf8').on('data', (text) => said.push(text));
    return {
      child,
      env,
      said: () => said.join(''),
      ended: once(child, 'close').then(([code]) => code as number),
    };
  };

  beforeAll(async () => {
    const access = ['local all all trust', 'host all all 127.0.0.1/32 scram-sha-256'];
    server = await PostgresServer.start({ access });
    const {
      POSTGRES_USER: owner,
      POSTGRES_DB: database,
      POSTGRES_PASSWORD: password,
    } = environmentOf(services.postgres, given);
    await server.sql(`create role ${owner} superuser login password '${password?.replaceAll("'", "''")}'`);
    await server.sql(`create database ${database} owner ${owner}`);
    const { command = [] } = services.simulator;
    const flag = (name: string): string => command[command.indexOf(name) + 1] ?? '';
    simulator = await startSimulator({
      dialect: flag('--dialect') as 'gws-8.5.2',
      agents: Array.from({ length: Number(flag('--agents')) }, (_, at) => ({
        username: `ada${at === 0 ? '' : at + 1}`,
        password: 'usher',
      })),
    });
  }, 60_000);
  afterAll(async () => {
    await simulator.close();
    await server.remove();
  });

  it('makes the tables and the role, starts workers that share the agents, and stops one after the other', async () => {
    const migrate = start(services.migrate);
    expect(await migrate.ended, migrate.said()).toBe(0);
    expect(migrate.said()).toContain('added');

    const { command = [], configs = [] } = services.rights;
    const [config] = configs;
    const file =
      compose.configs[config?.source ?? '']?.file.replace('./node_modules/usher-bots', process.cwd()) ?? '';
    const script = (command[2] ?? '').replace(config?.target ?? '', file).replaceAll('$$', '$');
    const [shell = '', flags = ''] = command;
    const psql = { ...environment(services.rights), PGHOST: '127.0.0.1', PGPORT: String(server.port) };
    await run(shell, [flags, script], { env: { ...inherited, ...psql } });

    const ports = await Promise.all([freePort(), freePort()]);
    const workers = ports.map((port) => start(services.worker, { PORT: String(port) }));
    const { readinessProbe, livenessProbe } = manifest('Deployment').spec.template.spec.containers[0];
    const status = async (port: number, path = ''): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined))?.status ?? 0;
    const readyOnes = (): number => {
      const gone = workers.filter(({ child }) => child.exitCode !== null);
      if (gone.length > 0) throw new Error(gone.map(({ said }) => said()).join('\n'));
      return simulator.agents.filter(({ ready }) => ready).length;
    };
    const all = simulator.agents.length;
    await expect.poll(readyOnes, { timeout: 60_000 }).toBe(all);
    for (const port of ports) {
      await expect.poll(() => status(port, readinessProbe?.httpGet.path), { timeout: 60_000 }).toBe(200);
      expect(await status(port, livenessProbe?.httpGet.path)).toBe(200);
    }

    const [first, second] = workers;
    const [node = '', ...ask] = image.healthcheck;
    expect(node).toBe('node');
    const healthy = (port: number) =>
      run(process.execPath, ask, { env: { PORT: String(port) } }).then(
        () => 0,
        ({ code }) => code as number,
      );
    expect(await healthy(ports[0] ?? 0)).toBe(0);
    expect(await healthy(simulatorPort(simulator))).toBe(1);

    const check = await run(process.execPath, [...usher, 'check'], { cwd: folder, env: first?.env ?? {} });
    expect(check.stdout).toContain('rights of usher_worker suffice');
    expect(check.stdout.match(/logged in as/g)).toHaveLength(all);

    first?.child.kill('SIGTERM');
    expect(await first?.ended, first?.said()).toBe(0);
    await expect
      .poll(() => status(ports[1] ?? 0, readinessProbe?.httpGet.path), { timeout: 60_000 })
      .toBe(200);
    expect(simulator.agents.filter(({ ready }) => ready)).toHaveLength(all);
    second?.child.kill('SIGTERM');
    expect(await second?.ended, second?.said()).toBe(0);
    expect(simulator.agents.filter(({ loggedIn }) => loggedIn)).toEqual([]);
    for (const { said } of workers)
      for (const secret of Object.values(given)) expect(said()).not.toContain(secret);
  });
});

const simulatorPort = ({ url }: Simulator): number => Number(new URL(url).port);
