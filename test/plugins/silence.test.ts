import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { handOff } from 'usher-bots/plugins/hand-off';
import { silence } from 'usher-bots/plugins/silence';
import { scripted, VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { Scene } from '../../core/testing/scene/scene.ts';
import { Stage } from '../../core/testing/stage.ts';

type Options = Parameters<typeof silence>[0];
const warnings = [
  { after: 30_000, say: 'Are you still there?' },
  { after: 60_000, say: 'I will close the chat in a minute.' },
];
const bot = (options: Options = {}) => [
  autoAccept(),
  greeter({ text: 'Hello!' }),
  answers({ answers: [{ when: 'hm', reply: false }], otherwise: 'I see.' }),
  handOff({ to: { agentId: 'cora' }, fallback: { text: 'Nobody is free.' } }),
  silence({ warnings, finally: { after: 60_000, do: 'close', say: 'Goodbye.' }, ...options }),
];

describe('silence', () => {
  it('reminds, reminds again, and closes', () =>
    scripted(bot(), async ({ customer, bot, after }) => {
      customer('Mia').joins();
      await expect(bot).toSay('Hello!');
      await expect(bot).toStaySilent('29s');
      await expect(bot).toSay('Are you still there?');
      await expect(bot).toStaySilent('59s');
      await expect(bot).toSay('I will close the chat in a minute.');
      await after('55s');
      await expect(bot).toSay('Goodbye.');
      await expect(bot).toDo('stopProcessing');
    }));

  it('begins anew when the customer is heard, and waits for the bot to speak first', () =>
    scripted(bot(), async ({ customer, bot, after }) => {
      const mia = customer('Mia').joins();
      await after('31s');
      await expect(bot).toSay('Hello!');
      await expect(bot).toSay('Are you still there?');
      mia.says('hm');
      await expect(bot).toStaySilent('10m');
      mia.says('yes');
      await expect(bot).toSay('I see.');
      await after('29s');
      await expect(bot).toSay('Are you still there?');
    }));

  it('is broken by the sign that the customer types', () =>
    scripted(bot(), async ({ customer, bot, after }) => {
      const mia = customer('Mia').joins();
      await after('25s');
      mia.types();
      await expect(bot).toStaySilent('5m');
    }));

  it('asks for a human instead, if told to', () =>
    scripted(
      bot({ warnings: [], finally: { after: 30_000, do: 'hand-off' } }),
      async ({ customer, bot, after }) => {
        customer('Mia').joins();
        await after('31s');
        await expect(bot).toConsult({ agentId: 'cora' });
      },
    ));

  it('goes on over a restart, with what is left of the time', () =>
    VirtualTime.run(async (time) => {
      const scene = new Scene(time, bot());
      const mia = scene.customer('Mia').joins();
      await scene.after('20s');
      const { server, stored } = scene.stage;
      scene.stage.kill();
      await scene.after('5s');
      const next = new Stage({ plugins: bot(), server, stored });
      await next.takeUp();
      const said = () =>
        mia.chat?.lines
          .filter(({ type, from }) => type === 'Text' && from.type === 'Agent')
          .map(({ text }) => text);
      await scene.after('4s');
      expect(said()).toEqual(['Hello!']);
      await scene.after('2s');
      expect(said()).toEqual(['Hello!', 'Are you still there?']);
      await next.close();
    }));

  it('ends a chat that lasts too long, whoever has spoken last', () =>
    scripted(
      bot({ warnings: [], finally: undefined, longest: { after: 60_000, do: 'close', say: 'Time is up.' } }),
      async ({ customer, bot, after }) => {
        const mia = customer('Mia').joins();
        await after('50s');
        mia.says('hm');
        await after('9s');
        await expect(bot).toSay('Hello!');
        await expect(bot).toSay('Time is up.');
        await expect(bot).toDo('stopProcessing');
      },
    ));

  it('reminds nobody while a human has the word, and steps in for one who has gone', () =>
    scripted(
      bot({ colleague: { after: 120_000, say: 'My colleague is away, it is me again.' } }),
      async ({ customer, colleague, bot, after }) => {
        const mia = customer('Mia').joins();
        await expect(bot).toSay('Hello!');
        const cora = colleague().joins();
        await expect(bot).toStaySilent('5m');
        mia.says('hello?');
        await after('60s');
        cora.says('one moment');
        await expect(bot).toStaySilent('5m');
        mia.says('still there?');
        await after('119s');
        await expect(bot).toSay('My colleague is away, it is me again.');
      },
    ));
});
