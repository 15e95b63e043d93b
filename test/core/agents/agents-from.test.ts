import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, Subject } from 'rxjs';
import { type AgentList, type AgentRow, agentsFrom, type BotChoice, defineBot } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';

const bots: BotChoice = {
  greeter: () => defineBot({ name: 'greeter', plugins: [] }),
  closer: () => defineBot({ name: 'closer', plugins: [] }),
};
const env = { ADA_PASSWORD: 'one', BEN_PASSWORD: 'two' };
const context = { env, needsPassword: true };

function written(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-agents-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function read(name: string, text: string, more = {}) {
  const file = written(name, text);
  const { agents, faults } = await firstValueFrom(agentsFrom({ file, bots, ...more }).lists(context));
  return {
    agents: agents.map(({ bots: chosen, ...agent }) => ({ ...agent, bots: chosen.map((bot) => bot.name) })),
    faults: faults.map((fault) => fault.replace(file, name)),
  };
}

const ada = { username: 'ada', password: 'one', nickname: 'Ada', place: undefined, bots: ['greeter'] };
const ben = {
  username: 'ben',
  password: 'secret of ben',
  nickname: undefined,
  place: 'P1',
  bots: ['closer', 'greeter'],
};

describe('agentsFrom a file', () => {
  it('reads YAML, JSON and CSV alike', async () => {
    const secret = written('ben', 'secret of ben\n');
    const yaml = `
agents:
  - { username: ada, password: { env: ADA_PASSWORD }, nickname: Ada, bots: greeter }
  - username: ben
    password: { file: ${secret} }
    place: P1
    bots: [closer, greeter]
`;
    const json = JSON.stringify([
      { username: 'ada', password: { env: 'ADA_PASSWORD' }, nickname: 'Ada', bots: 'greeter' },
      { username: 'ben', password: { file: secret }, place: 'P1', bots: ['closer', 'greeter'] },
    ]);
    const csv = `username,password_env,password_file,nickname,place,bots\nada,ADA_PASSWORD,,Ada,,greeter\nben,,${secret},,P1,closer greeter\n`;
    for (const [name, text] of Object.entries({ 'a.yaml': yaml, 'a.json': json, 'a.csv': csv })) {
      expect([name, await read(name, text)]).toEqual([name, { agents: [ada, ben], faults: [] }]);
    }
  });

  it('tells each fault of a row with its line, field and remedy, and lets the others run', async () => {
    const { agents, faults } = await read(
      'agents.yaml',
      [
        '- { username: ada, password: { env: ADA_PASSWORD }, nickname: Ada, bots: greeter }',
        '- { password: { env: ADA_PASSWORD } }',
        '- { username: "a:b", bots: greeter }',
        '- { username: cy, password: hunter2, bots: greeter }',
        '- { username: dee, password: { env: DEE_PASSWORD }, bots: greter }',
        '- { username: ada, password: { env: ADA_PASSWORD }, bots: greeter }',
        '- { username: eve, password: { env: ADA_PASSWORD } }',
        '- { username: fay, bots: greeter }',
        '- nonsense',
      ].join('\n'),
    );
    expect(agents).toEqual([ada]);
    expect(faults).toEqual([
      'agents.yaml:2: agents[1].username is missing',
      'agents.yaml:3: agents[2].username must not contain a colon',
      'agents.yaml:4: agents[3].password stands in the file: write { env: NAME } or { file: PATH }, or choose inlinePasswords',
      'agents.yaml:5: agents[4].password is to be in DEE_PASSWORD, which is not set: set it',
      'agents.yaml:5: agents[4].bots names "greter"; there are greeter, closer',
      'agents.yaml:6: agents[5].username "ada" is there before: a login is one seat',
      'agents.yaml:7: agents[6].bots is missing: name one of greeter, closer',
      'agents.yaml:8: agents[7].password is missing: name the variable that holds it, { env: NAME }',
      'agents.yaml:9: agents[8] is no agent: it needs a username',
    ]);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('takes passwords of the file itself only where that is chosen, and bots by a function', async () => {
    const text = 'username,password,team\ncy,hunter2,cards\n';
    const choice = (row: AgentRow) => defineBot({ name: `of ${row['team']}`, plugins: [] });
    const { agents } = await read('a.csv', text, { inlinePasswords: true, bots: choice });
    expect(agents).toMatchObject([{ username: 'cy', password: 'hunter2', bots: ['of cards'] }]);
  });

  it.each([
    ['a.yaml', '- a: [', /^a\.yaml cannot be read: line 1: /],
    ['a.yaml', '', /holds no list of agents: an empty one is \[\]/],
    ['a.json', '{"agents": 3}', /holds no list of agents/],
    ['a.csv', 'username,bots\nada\n', /^a\.csv cannot be read: .*line 2/],
    ['a.txt', 'ada', /^a\.txt is not known by its ending: use \.yaml, \.json or \.csv/],
  ])('says what is wrong with %s: %j', async (name, text, fault) => {
    const { agents, faults } = await read(name, text);
    expect(agents).toEqual([]);
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  it('follows the changes of the file, and keeps what it had where that cannot be read', async () => {
    const row = (name: string) => `- { username: ${name}, password: { env: ADA_PASSWORD }, bots: greeter }\n`;
    const file = written('agents.yaml', row('ada'));
    const lists: AgentList[] = [];
    const following = agentsFrom({ file, bots })
      .lists(context)
      .subscribe((list) => lists.push(list));
    onTestFinished(() => following.unsubscribe());
    const names = () => lists.at(-1)?.agents.map(({ username }) => username);
    expect(names()).toEqual(['ada']);
    writeFileSync(file, row('ada') + row('ben'));
    await expect.poll(names).toEqual(['ada', 'ben']);
    writeFileSync(file, '- {');
    await expect.poll(() => lists.at(-1)?.faults.length).toBe(1);
    expect(names()).toEqual(['ada', 'ben']);
    writeFileSync(file, row('ben'));
    await expect.poll(names).toEqual(['ben']);
    expect(lists.at(-1)?.faults).toEqual([]);
  });
});

describe('agentsFrom a table', () => {
  it('takes what a stream of one’s own emits', () => {
    const table = new Subject<readonly AgentRow[]>();
    const lists: AgentList[] = [];
    agentsFrom({ table, bots })
      .lists(context)
      .subscribe((list) => lists.push(list));
    table.next([{ username: 'ada', password: 'inline', bots: 'greeter' }]);
    table.next([{ username: 'ada', bots: 'greeter' }]);
    expect(lists).toMatchObject([
      { agents: [{ username: 'ada', password: 'inline' }], faults: [] },
      {
        agents: [],
        faults: ['agents[0].password is missing: name the variable that holds it, { env: NAME }'],
      },
    ]);
  });
});
