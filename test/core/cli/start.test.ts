import { describe, expect, it, onTestFinished } from 'vitest';
import { password, seat, simulator } from '../../integration/contact-centre.ts';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

/** Two agents on a server, with a quick greeter. */
const twoAgents = `
import { autoGreeter } from '@/bots/auto-greeter.ts';
import { defineConfig } from '@/core/index.ts';
export default defineConfig(({ env }) => ({
  server: { url: env.GWS_URL },
  agents: ['Ada', 'Bea'].map((username) => ({ username, password: env.GWS_PASSWORD, nickname: username, bots: [autoGreeter()] })),
}));`;

describe('usher start', { timeout: 60_000 }, () => {
  it('serves the customers of the demo, says how, and ends with 0', async () => {
    const command = usher(['start', '--once']);
    expect(await command.ended).toBe(0);
    expect(command.stderr()).toBe('');
    const lines = command.stdout().split('\n');
    for (const text of [
      /Mia Kerr +Ada accepts the chat {2}\[auto-accept\]$/,
      /Mia Kerr +Ada “Hello Mia, I am Ada\. How can I help you\?” {2}\[greeter\]$/,
      /Mia Kerr +Ada is typing … {2}\[typing\]$/,
      /Jonas Weber +Ada consults a colleague {2}\[hand-off\]$/,
      /Jonas Weber +Cora joins \(to agents only\)$/,
      /Jonas Weber +Ada hands the chat over to the colleague {2}\[hand-off\]$/,
      /Mia Kerr +Ada finishes {2}\[wrap-up\]$/,
      /^all 4 customers were served$/,
      /^4 chats: 4 greeted, 1 handed over, 4 ended$/,
      /no operation was refused$/,
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(text));
    }
    expect(command.stdout()).not.toContain('\u001b');
  });

  it('ends with 1 when a customer was not served, and says what was missed', async () => {
    const config = configFile(`
      import { autoGreeter } from '@/bots/auto-greeter.ts';
      import { defineConfig } from '@/core/index.ts';
      export default defineConfig({ agents: [{ username: 'ada', nickname: 'Ada', bots: [autoGreeter({ text: 'Good day' })] }] });`);
    const command = usher(['start', '--once', '--config', config]);
    expect(await command.ended).toBe(1);
    expect(command.stderr()).toMatch(
      /^usher: Mia Kerr was not served: waited 15000 ms for a line with \/Hello Mia\/; last heard: "Good day" from Ada$/m,
    );
  });

  it('prints every event as a line of JSON, the report last', async () => {
    const command = usher(['start', '--once', '--json']);
    expect(await command.ended).toBe(0);
    const entries = command
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries[0]).toMatchObject({ kind: 'session', status: 'starting', agent: 'ada' });
    expect(entries.at(-1)).toMatchObject({
      kind: 'report',
      chats: { began: 4, greeted: 4, handedOver: 1, ended: 4 },
      refusals: [],
    });
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'outcome' }));
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops in good order at %s: chats finished, report, 0',
    async (signal) => {
      const command = usher(['start']);
      await command.prints(/Hello Mia/);
      command.child.kill(signal);
      expect(await command.ended).toBe(0);
      expect(command.stdout()).toMatch(
        /stopping; \d open chats? ha(s|ve) 20 s to end; Ctrl-C again to stop at once/,
      );
      expect(command.stdout()).toMatch(/Ada is stopped\n\nstopped: \d chats? finished\n\n\d chats?: /);
      expect(command.stderr()).toBe('');
    },
  );

  it('stops at once at a second signal, with 130', async () => {
    const command = usher(['start']);
    await command.prints(/Hello Mia/);
    command.child.kill('SIGINT');
    await command.prints(/stopping/);
    const again = setInterval(() => command.child.kill('SIGINT'), 100);
    onTestFinished(() => clearInterval(again));
    expect(await command.ended).toBe(130);
  });

  it('runs on a server, hides what people write where nobody asked for it, and shows it on demand', async () => {
    const server = await simulator({ agents: [seat('Ada', 2), seat('Bea', 2)] });
    const env = { GWS_URL: server.url, GWS_PASSWORD: password };
    const hidden = usher(
      ['start', '-c', configFile(twoAgents), '--log-level', 'debug', '--drain-within', '1'],
      env,
    );
    await hidden.prints(/Bea is ready/);
    server.arrive({
      firstName: 'Mia',
      steps: [{ say: 'my secret' }, { expect: 'Hello' }, { pause: 60_000 }],
    });
    await hidden.prints(/writes \d+ characters {2}\[greeter\]/);
    hidden.child.kill('SIGTERM');
    expect(await hidden.ended).toBe(0);
    for (const output of [hidden.stdout(), hidden.stderr()]) {
      expect(output).not.toContain('my secret');
      expect(output).not.toContain(password);
    }

    const shown = usher(['start', '-c', configFile(twoAgents), '--show-text'], env);
    await shown.prints(/Bea is ready/);
    server.arrive({ firstName: 'Jonas', steps: [{ expect: 'Hello' }, { pause: 60_000 }] });
    await shown.prints(/“Hello Jonas/);
  });

  it('comes back by itself when the server was killed and started again', async () => {
    const simulate = () => usher(['simulate', '--port', '0', '--every', '1', '--password', password]);
    const first = simulate();
    await first.prints(/listens at/);
    const url = /listens at (\S+)/.exec(first.stdout())?.[1] ?? '';
    const bots = usher(['start', '--show-text', '--drain-within', '1'], {
      GWS_URL: url,
      GWS_PASSWORD: password,
    });
    await bots.prints(/Hello Mia/);
    first.child.kill('SIGKILL');
    await bots.prints(/Ada is recovering/);
    const second = usher(['simulate', '--port', new URL(url).port, '--every', '1', '--password', password]);
    await bots.prints(/Ada is recovering[\s\S]*Ada is ready[\s\S]*Hello Mia/);
    bots.child.kill('SIGTERM');
    expect(await bots.ended).toBe(0);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });
});
