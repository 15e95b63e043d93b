import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { simulator } from '../../integration/contact-centre.ts';
import { usher } from './command.ts';

describe('usher check', { timeout: 60_000 }, () => {
  it('finds nothing wrong with the repository: 0', async () => {
    const command = usher(['check']);
    expect(await command.ended).toBe(0);
    expect(command.stdout()).toMatch(/^✓ config: .*receptionist.*\n✓ server: none given/);
  });

  it('names what is wrong, and its fix: 1', async () => {
    const web = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void web.close());
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const command = usher(['check', '--json'], { GWS_URL: url, GWS_PASSWORD: 'x' });
    expect(await command.ended).toBe(1);
    const findings = command
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(findings.at(-1)).toMatchObject({
      ok: false,
      code: 'USHER_NOT_GWS',
      fix: expect.stringContaining('GWS_URL'),
    });
  });
});

describe('usher simulate', { timeout: 60_000 }, () => {
  it('says so when its port is taken: 1', async () => {
    const { url } = await simulator();
    const command = usher(['simulate', '--port', new URL(url).port]);
    expect(await command.ended).toBe(1);
    expect(command.stderr()).toMatch(/^usher: cannot listen on 127\.0\.0\.1:\d+: .*\[USHER_PORT\]\n$/);
  });

  it('prints what to connect with, as JSON if told so', async () => {
    const command = usher(['simulate', '--port', '0', '--json', '--agents', '2', '--every', '0']);
    await command.prints(/\n/);
    expect(JSON.parse(command.stdout().split('\n')[0] ?? '')).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      usernames: ['ada', 'ada2'],
      password: 'usher',
    });
    command.child.kill('SIGINT');
    expect(await command.ended).toBe(0);
  });

  it('speaks the dialect it is told to, and lets happen what it is told to', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'usher-')), 'faults.json');
    writeFileSync(file, JSON.stringify({ seed: 3, http5xx: 1, scope: ['session'], drop: { rate: 0 } }));
    const flags = ['--dialect', 'gws-8.5.2', '--no-strict', '--faults', file, '--fault', 'drop=0.5'];
    const command = usher(['simulate', '--port', '0', '--json', '--every', '0', ...flags]);
    await command.prints(/\n/);
    const facts = JSON.parse(command.stdout().split('\n')[0] ?? '') as { url: string };
    expect(facts).toMatchObject({
      dialect: 'gws-8.5.2',
      faults: { seed: 3, http5xx: 1, scope: ['session'], drop: 0.5 },
    });
    const login = { authorization: `Basic ${Buffer.from('ada:usher').toString('base64')}` };
    expect((await fetch(`${facts.url}/api/v2/me`, { headers: login })).status).toBe(503);
  });

  it('tells the seed it made up', async () => {
    const command = usher(['simulate', '--port', '0', '--every', '0', '--fault', 'duplicate=0.05']);
    await command.prints(/faults: duplicate 0\.05; the same again with --seed \d+\n/);
    expect(command.stdout()).toMatch(/dialect: gws-8\.5\.0, strict\n/);
  });
});

describe('usher', () => {
  it.each([
    [['--help'], /Usage: usher \[options\] \[command\][\s\S]*Exit codes:/, 0],
    [['start', '--help'], /--once/, 0],
    [['--version'], /^\d+\.\d+\.\d+\n$/, 0],
  ])('%o', async (args, text, exit) => {
    const command = usher(args);
    expect(await command.ended).toBe(exit);
    expect(command.stdout()).toMatch(text);
  });
});
