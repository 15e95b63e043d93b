import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetPlaces } from './fleet-config.ts';

/** The files of a run: its agents, their password, and a config by which every verb of `usher` finds the fleet. */
export class RunFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'usher-demo-'));
  readonly password = randomBytes(16).toString('hex');
  /** Of the consoles. */
  readonly token = randomBytes(8).toString('hex');
  readonly usernames: readonly string[];

  constructor(agents: number) {
    const digits = String(agents).length;
    this.usernames = Array.from(
      { length: agents },
      (_, at) => `agent-${String(at + 1).padStart(digits, '0')}`,
    );
  }

  /** Writes them; returns the path of the config. */
  write(place: Omit<FleetPlaces, 'agents' | 'token'>): string {
    const secret = join(this.path, 'password');
    writeFileSync(secret, this.password, { mode: 0o600 });
    const agents = join(this.path, 'agents.yaml');
    const rows = this.usernames.map(
      (username) =>
        `- { username: ${username}, nickname: ${username}, password: { file: ${JSON.stringify(secret)} } }\n`,
    );
    writeFileSync(agents, rows.join(''));
    const config = join(this.path, 'bots.config.mjs');
    const source = new URL('./fleet-config.ts', import.meta.url).href;
    const places: FleetPlaces = { ...place, agents, token: this.token };
    writeFileSync(
      config,
      `import { fleetConfig } from ${JSON.stringify(source)};\n\nexport default fleetConfig(${JSON.stringify(places, null, 2)});\n`,
      { mode: 0o600 },
    );
    return config;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
