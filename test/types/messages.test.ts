import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const folder = '.types-check';

const faults: Readonly<Record<string, readonly [code: string, message: RegExp]>> = {
  'a missing option': ['greet({});', /Property 'text' is missing in type '\{\}' but required in type/],
  'options that are missing altogether': ['greet();', /Expected 1 arguments, but got 0/],
  'an option of a wrong type': ['greet({ text: 42 });', /Type 'number' is not assignable to type 'string'/],
  'an unknown option': [
    "greet({ text: 'Hello', tone: 'warm' });",
    /'tone' does not exist in type '\{ text: string; \}'/,
  ],
  'a plugin that is not called': [
    "defineBot({ name: 'b', plugins: [greet] });",
    /PluginFactory<.*is not assignable to type '.*Plugin/,
  ],
  'a transfer to nobody that can be': [
    "operations.transfer({ name: 'Cora' });",
    /'name' does not exist in type 'Target'/,
  ],
  'a state that is none': [
    "whenState(interaction, 'Talking');",
    /Argument of type '"Talking"' is not assignable to parameter of type 'InteractionState'/,
  ],
};

/** What the compiler says to each, one file for one fault. */
const said = new Map<string, string>();

describe('what the compiler says to', () => {
  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [at, [code]] of Object.values(faults).entries()) {
      writeFileSync(
        `${folder}/fault-${at}.ts`,
        `import { defineBot, definePlugin, whenState, type Interaction, type Operations } from 'usher-bots';
import { z } from 'zod';
declare const operations: Operations;
declare const interaction: Interaction;
const greet = definePlugin({ name: 'greet', options: z.object({ text: z.string() }), bot: () => () => [] });
export const all = [defineBot, whenState, operations, interaction, greet];
${code}
`,
      );
    }
    writeFileSync(
      `${folder}/tsconfig.json`,
      JSON.stringify({ extends: '../tsconfig.json', include: ['*.ts'] }),
    );
    const { stdout } = await run('node_modules/.bin/tsc', [
      '--noEmit',
      '--project',
      folder,
      '--pretty',
      'false',
    ]).catch((thrown: { stdout: string }) => thrown);
    for (const [at, name] of Object.keys(faults).entries()) {
      const [, text = ''] =
        new RegExp(`fault-${at}\\.ts\\((7,[\\s\\S]*?)(?=\\n\\S*fault-|$)`).exec(stdout) ?? [];
      said.set(name, text);
    }
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.entries(faults))('%s names what is wrong', (name, [, message]) => {
    expect(said.get(name)).toMatch(message);
    expect(said.get(name)?.split('\n').length).toBeLessThan(8);
  });
});
