import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { usher } from './command.ts';
import { configFile } from './config-file.ts';

const config = (otherwise: string): string =>
  configFile(`
import { defineBot, defineConfig } from '@/core/index.ts';
import { autoAccept } from '@/plugins/auto-accept.ts';
import { greeter } from '@/plugins/greeter.ts';
import { handOff } from '@/plugins/hand-off.ts';
import { functionBrain, virtualAgent } from '@/plugins/virtual-agent.ts';
import { wrapUp } from '@/plugins/wrap-up.ts';
const known = functionBrain(({ lines }) => (/hours/.test(lines.join()) ? 'From 8 to 18 h.' : ${otherwise}));
const brain = async function* (turn) {
  yield { kind: 'usage', tokens: 100, cost: 0.5 };
  yield* known(turn);
};
export default defineConfig({ agents: [{ username: 'ada', nickname: 'Ada', bots: [defineBot({
  name: 'evaluated',
  handles: ({ kind }) => kind !== 'consultation',
  plugins: [autoAccept(), greeter({ text: 'Hello' }), virtualAgent({ brain }),
    handOff({ to: { agentId: 'c0ab1a4e5d2f4b7c9e8a3f6d1c0b2a49' }, fallback: { text: 'Nobody.' } }), wrapUp()],
})] }] });`);

function evaluation(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'usher-eval-')), 'evaluation.yaml');
  writeFileSync(file, text);
  return file;
}

const customers = evaluation(`
patience: 10
customers:
  - name: hours
    says: [{ text: your hours?, expect: /8 to 18/ }]
    times: 4
  - name: a riddle
    says: [{ text: what has four legs }]
    goal: handed-off
`);

describe('usher eval', { timeout: 60_000 }, () => {
  it('measures what customers meet with, and ends with 0 when every goal is met', async () => {
    const command = usher(['eval', customers, '-c', config('undefined'), '--json']);
    expect(await command.ended).toBe(0);
    expect(command.stderr()).toBe('');
    const [measures] = Object.values(JSON.parse(command.stdout()) as Record<string, object>);
    expect(measures).toMatchObject({
      customers: 5,
      goalsMet: 5,
      contained: 4,
      handedOff: 1,
      handedOffRightly: 1,
      tokens: 500,
      cost: 2.5,
      suppressed: 0,
      toReply: { count: 4 },
      problems: {},
    });
  });

  it('puts two configs beside each other, names what was missed, and ends with 1', async () => {
    const [knowing, guessing] = [config('undefined'), config("'Perhaps.'")];
    const command = usher(['eval', customers, '-c', guessing, '--compare', knowing]);
    expect(await command.ended).toBe(1);
    expect(command.stdout()).toMatch(/^goals met +4 \(80 %\) +5 \(100 %\)$/m);
    expect(command.stdout()).toMatch(/^handed off +0 \(0 %\) +1 \(20 %\)$/m);
    expect(command.stdout()).toMatch(/^✗ .*: a riddle: waited 10000 ms for a line .*from Cora/m);
  });

  it.each([
    ['customers: []', /evaluation\.yaml:1: customers: is empty/],
    [
      'customers:\n  - name: x\n    says: [{ text: hi, expect: "/(/" }]',
      /:3: customers\[0\]\.says\[0\]\.expect: is no pattern/,
    ],
    [
      'customers:\n  - name: x\n    says: [{ text: hi }]\n    goals: y',
      /:2: customers\[0\]: goals is not known here/,
    ],
  ])('refuses %j, with the place', async (text, message) => {
    const command = usher(['eval', evaluation(text), '-c', config('undefined')]);
    expect(await command.ended).toBe(2);
    expect(command.stderr()).toMatch(message);
    expect(command.stderr()).toContain('USHER_EVALUATION_BROKEN');
  });
});
