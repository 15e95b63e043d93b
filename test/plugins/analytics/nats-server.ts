import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { program } from '../../debian.ts';

export const user = { name: 'usher', password: 'b0tanical' } as const;

/** A real nats-server with JetStream, which can be killed and started again on what it has on its disk. */
export class NatsServer {
  readonly address: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(address: string, args: readonly string[]) {
    this.address = address;
    this.#args = args;
  }

  static async started(more = ''): Promise<NatsServer> {
    const folder = mkdtempSync(join(tmpdir(), 'usher-nats-'));
    const port = await freePort();
    const config = join(folder, 'nats.conf');
    writeFileSync(
      config,
      `listen: "127.0.0.1:${port}"
       jetstream { store_dir: "${folder}/data" }
       authorization { user: "${user.name}", password: "${user.password}" }
       ${more}`,
    );
    const server = new NatsServer(`127.0.0.1:${port}`, ['-c', config]);
    onTestFinished(async () => {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    });
    await server.start();
    return server;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const child = spawn(program('nats-server', 'nats-server'), [...this.#args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Server is ready')) resolve();
      });
      child.once('exit', () => reject(new Error(`nats-server has ended: ${said}`)));
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
