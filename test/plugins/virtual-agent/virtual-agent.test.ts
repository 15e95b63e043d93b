import { NEVER, of, throwError, timer } from 'rxjs';
import { map } from 'rxjs/operators';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { handOff } from 'usher-bots/plugins/hand-off';
import {
  type Brain,
  firstOfBrains,
  functionBrain,
  type Turn,
  virtualAgent,
} from 'usher-bots/plugins/virtual-agent';
import { pluginContract, scripted, VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { gws852 } from '../../../core/dialects/gws-8.5.2.ts';
import { Scene } from '../../../core/testing/scene/scene.ts';
import { riveScriptBrain } from '../../../plugins/virtual-agent/rivescript-brain.ts';

type Options = Omit<Parameters<typeof virtualAgent>[0], 'brain'>;
const agent = (brain: Brain, options: Options = {}) => [
  autoAccept(),
  virtualAgent({ brain, ...options }),
  handOff({ to: { agentId: 'cora' }, fallback: { text: 'Nobody is free.' } }),
];
const echo = functionBrain(({ lines }) => `You said ${lines.join(' and ')}.`);
/** Thinks for two seconds. */
const slow: Brain = ({ lines }) =>
  timer(2_000).pipe(map(() => ({ kind: 'text' as const, text: `You said ${lines.join(' and ')}.` })));

describe('a virtual agent', () => {
  it('answers what the brain says, and types while it thinks', () =>
    scripted(agent(slow), async ({ customer, bot }) => {
      customer('Mia').joins().says('hello');
      await expect(bot).toType();
      await expect(bot).toStopTyping();
      await expect(bot).toSay('You said hello.');
    }));

  it('calls a turn off when the customer writes on, and answers all of it', () =>
    scripted(agent(slow), async ({ customer, bot, after }) => {
      const mia = customer('Mia').joins().says('my card');
      await after('1s');
      mia.says('is blocked');
      await expect(bot).toSay('You said my card and is blocked.');
      await expect(bot).toStaySilent('20s');
    }));

  it('finishes a turn when told to append, and answers the rest after it', () =>
    scripted(agent(slow, { whenInterrupted: 'append' }), async ({ customer, bot, after }) => {
      const mia = customer('Mia').joins().says('my card');
      await after('1s');
      mia.says('is blocked', 'help');
      await expect(bot).toSay('You said my card.');
      await expect(bot).toSay('You said is blocked and help.');
    }));

  it('aborts what it asked for when the turn is called off', () => {
    const aborted: string[] = [];
    const brain: Brain = ({ signal, lines }) => {
      signal.addEventListener('abort', () => aborted.push(lines.join()));
      return NEVER;
    };
    return scripted(agent(brain, { within: 60_000 }), async ({ customer, after, colleague }) => {
      const mia = customer('Mia').joins().says('a');
      await after('1s');
      mia.says('b');
      await after('1s');
      colleague().joins();
      await after('1s');
      expect(aborted).toEqual(['a', 'a,b']);
    });
  });

  it.each<[string, Brain]>([
    ['fails', () => throwError(() => new Error('no route to host'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['says nothing', () => of()],
    ['takes too long', () => NEVER],
    ['is unsure', functionBrain(() => undefined)],
    ['wants to', () => of({ kind: 'hand-off', reason: 'asked' })],
  ])('fetches a human when the brain %s', (_what, brain) =>
    scripted(agent(brain, { sorry: 'I am not sure.' }), async ({ customer, bot, after }) => {
      customer('Mia').joins().says('hello');
      await after('21s');
      await expect(bot).toConsult({ agentId: 'cora' });
    }),
  );

  it('lets nothing out that must stay in', () => {
    const brain = functionBrain(
      () =>
        'See https://evil.example/x and https://help.shop.example/y, key sk-abcdefghijklmnop1234, \u0007Bluebird.',
    );
    const outgoing = { linksTo: ['shop.example'], withheld: ['Bluebird'] };
    return scripted(agent(brain, { outgoing }), async ({ customer, bot }) => {
      customer('Mia').joins().says('hello');
      await expect(bot).toSay('See … and https://help.shop.example/y, key …, ….');
    });
  });

  it('does what a tool is for only where it is allowed, with arguments that fit', () => {
    const results: string[] = [];
    const brain: Brain = async function* ({ use, tools }: Turn) {
      expect(tools.map(({ name }) => name)).toEqual(['transfer', 'note', 'set_disposition']);
      results.push(await use('note', { key: 'Topic', value: 'card' }));
      results.push(await use('note', { key: 'Role', value: 'admin' }));
      results.push(await use('transfer', { to: 'https://evil.example' }));
      results.push(await use('set_disposition', { code: 'solved', more: 1 }));
      results.push(await use('stop_processing', {}));
      yield { kind: 'text', text: 'Done.' };
    };
    const tools = { transfer: { cards: { queue: 'cards' } }, userData: ['Topic'], disposition: ['solved'] };
    return scripted(
      agent(brain, { tools }),
      async ({ customer, bot }) => {
        customer('Mia').joins().says('hello');
        await expect(bot).toDo('updateUserData', { userData: { Topic: 'card' } });
        await expect(bot).toSay('Done.');
        expect(results[0]).toBe('done');
        for (const result of results.slice(1)) expect(result).toMatch(/^refused: /);
      },
      { dialect: gws852() },
    );
  });

  it('stops when the chat has cost enough', () => {
    const brain: Brain = async function* () {
      yield { kind: 'usage', tokens: 600, cost: 0.01 };
      yield { kind: 'text', text: 'Well.' };
    };
    return scripted(agent(brain, { budget: { tokens: 1_000 } }), async ({ customer, bot }) => {
      const mia = customer('Mia').joins().says('a');
      await expect(bot).toSay('Well.');
      mia.says('b');
      await expect(bot).toSay('Well.');
      mia.says('c');
      await expect(bot).toConsult({ agentId: 'cora' });
    });
  });

  it('tells the brain what was said, by whom, and not what it has not said yet', () =>
    VirtualTime.run(async (time) => {
      const told: Turn['transcript'][] = [];
      const brain = functionBrain(({ transcript }) => {
        told.push(transcript);
        return 'Yes.';
      });
      const scene = new Scene(time, agent(brain));
      const mia = scene.customer('Mia').joins().says('hello');
      await scene.after('1s');
      mia.says('again');
      await scene.after('1s');
      expect(told).toEqual([
        [{ from: 'customer', text: 'hello' }],
        [
          { from: 'customer', text: 'hello' },
          { from: 'agent', text: 'Yes.' },
          { from: 'customer', text: 'again' },
        ],
      ]);
      await scene.stage.close();
    }));
});

describe('the first of several brains', () => {
  it('that is sure answers', () => {
    const script = riveScriptBrain({ source: '+ opening hours\n- From 8 to 18 h.\n' });
    return scripted(agent(firstOfBrains(script, echo)), async ({ customer, bot }) => {
      const mia = customer('Mia').joins().says('Opening hours?');
      await expect(bot).toSay('From 8 to 18 h.');
      mia.says('my card');
      await expect(bot).toSay('You said my card.');
    });
  });
});

describe('a RiveScript brain', () => {
  it('knows the user data, and marks what a human is to do', () => {
    const script = riveScriptBrain({
      source: '+ hello\n- Hello <get FirstName>!\n\n+ [*] human [*]\n- One moment. [hand-off asked]\n',
    });
    return scripted(agent(script), async ({ customer, bot }) => {
      const mia = customer('Mia', { userData: { FirstName: 'Mia' } })
        .joins()
        .says('hello 👋');
      await expect(bot).toSay('Hello Mia!');
      mia.says('a human please');
      await expect(bot).toSay('One moment.');
      await expect(bot).toConsult({ agentId: 'cora' });
    });
  });

  it('that cannot be read names the file', () => {
    expect(() => riveScriptBrain({ files: ['no/such.rive'] })).toThrow(/no\/such\.rive cannot be read/);
  });
});

describe('the contract of plugins, kept by a virtual agent', () => {
  it.each(pluginContract(virtualAgent({ brain: echo })))('$promise', ({ check }) => check());
});
