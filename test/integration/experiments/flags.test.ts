import { type EvaluationContext, InMemoryProvider, type ResolutionDetails } from '@openfeature/server-sdk';
import { resolveConfig } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { experimentsIn } from '../../../core/config.ts';
import { FlagDecider } from '../../../core/experiment/flag-decider.ts';
import type { FlagProvider } from '../../../core/experiment/flag-provider.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';
import { running, seat, simulator } from '../contact-centre.ts';
import { configHere, patience, recordsIn, storeFile, talk } from './shop.ts';

/** A flag system of somebody's own. */
class OwnFlags implements FlagProvider {
  readonly metadata = { name: 'own-flags' };
  readonly asked: EvaluationContext[] = [];
  closed = 0;
  readonly #answer: () => Promise<ResolutionDetails<string>> | ResolutionDetails<string>;

  constructor(answer: () => Promise<ResolutionDetails<string>> | ResolutionDetails<string>) {
    this.#answer = answer;
  }

  async resolveStringEvaluation(_flag: string, _otherwise: string, context: EvaluationContext) {
    this.asked.push(context);
    return this.#answer();
  }

  async resolveBooleanEvaluation(_flag: string, value: boolean) {
    return { value };
  }

  async resolveNumberEvaluation(_flag: string, value: number) {
    return { value };
  }

  async resolveObjectEvaluation<Value>(_flag: string, value: Value) {
    return { value };
  }

  async onClose(): Promise<void> {
    this.closed += 1;
  }
}

const inMemory = (defaultVariant: string, disabled = false) =>
  new InMemoryProvider({
    greeting: {
      variants: { control: 'plain', treatment: 'warm', other: 'cold' },
      defaultVariant,
      disabled,
    },
  });

/** One customer, where this flag system decides. */
async function served(flags: FlagProvider) {
  const server = await simulator({ agents: [seat('Ada')] });
  const store = storeFile();
  // By the weights nobody gets the warm greeting.
  const options = { weights: { warm: 1e-9 }, features: () => ({ segment: 'gold' }) };
  const ran = await running({ ...configHere(server.url, options, store), flags } as never);
  const { heard } = await server.arrive(talk('contact', ['hi'])).done;
  await expect.poll(() => server.agents[0]?.parts.size, { timeout: patience }).toBe(0);
  await ran.host.stop();
  const problems = ran.entries.filter((entry) => entry.kind === 'problem');
  return { ...ran, greeting: heard[0]?.text, problems, records: await recordsIn(store) };
}

describe('a flag system that decides', { timeout: 60_000 }, () => {
  it.each([
    ['the in-memory one of the SDK', inMemory('treatment')],
    ['one of their own', new OwnFlags(() => ({ value: 'warm', reason: 'SPLIT' }))],
  ])('is obeyed, and the records say so: %s', async (_what, flags) => {
    const { greeting, problems, records, host } = await served(flags);
    expect(greeting).toBe('Welcome!');
    expect(problems).toEqual([]);
    expect(records.chats).toMatchObject([{ arm: 'warm', reason: 'provider', features: { segment: 'gold' } }]);
    expect(records.chats[0]).not.toHaveProperty('propensity');
    expect(host.experiments?.experiments).toHaveLength(1);
  });

  it('is asked once a customer, with who it is about and the features, and closed with the host', async () => {
    const flags = new OwnFlags(() => ({ value: 'warm' }));
    await served(flags);
    expect(flags.asked).toEqual([{ targetingKey: 'contact', segment: 'gold' }]);
    expect(flags.closed).toBe(1);
  });

  it('may tell with which chance it drew the arm, as the records of a bandit do', async () => {
    const flagMetadata = { reason: 'bandit', propensity: 0.3 };
    const { records } = await served(new OwnFlags(() => ({ value: 'warm', flagMetadata })));
    expect(records.chats).toMatchObject([{ arm: 'warm', reason: 'bandit', propensity: 0.3 }]);
  });

  it.each<[string, () => ConstructorParameters<typeof OwnFlags>[0] | FlagProvider, RegExp | undefined]>([
    [
      'throws',
      () => () => {
        throw new Error('out of flags');
      },
      /^experiment greeting: the OpenFeature provider own-flags answers GENERAL out of flags$/,
    ],
    [
      'names no arm',
      () => inMemory('other'),
      /provider in-memory gives the arm "cold"; there are plain, warm$/,
    ],
    ['knows no such flag', () => new InMemoryProvider({}), /in-memory answers FLAG_NOT_FOUND no flag found/],
    ['gives what is no text', () => () => ({ value: 7 as never }), /own-flags gives the arm "7"/],
    ['says DISABLED', () => inMemory('treatment', true), undefined],
    ['says DEFAULT', () => () => ({ value: 'plain', reason: 'DEFAULT' }), undefined],
  ])(
    'and %s leaves the chat with the control, uncounted, and is reported once',
    async (_what, made, message) => {
      const answer = made();
      const { greeting, problems, records } = await served(
        typeof answer === 'function' ? new OwnFlags(answer) : answer,
      );
      expect(greeting).toBe('Hello!');
      expect(records.exposed).toEqual([]);
      expect(problems).toMatchObject(
        message === undefined
          ? []
          : [
              {
                code: 'USHER_EXPERIMENT_PROVIDER',
                message: expect.stringMatching(message),
                agent: 'Ada',
                interactionId: expect.any(String),
              },
            ],
      );
    },
  );

  it('is waited for one second, not longer', async () => {
    const { agents } = resolveConfig(configHere('http://gws.test'));
    const [experiment] = experimentsIn(agents);
    if (experiment === undefined) return expect.unreachable();
    const decider = new FlagDecider(new OwnFlags(() => new Promise(() => undefined)));
    await VirtualTime.run(async (time) => {
      const told: string[] = [];
      decider
        .decide(experiment, 'contact', {})
        .catch(({ code, message }) => told.push(`${code}: ${message}`));
      await time.advance(999);
      expect(told).toEqual([]);
      await time.advance(1);
      expect(told).toEqual([
        'USHER_EXPERIMENT_PROVIDER: experiment greeting: the OpenFeature provider own-flags did not answer: Timeout has occurred',
      ]);
    });
    decider.close();
  });

  it('is each host’s own, though the SDK has one registry for the process', async () => {
    const warm = new OwnFlags(() => ({ value: 'warm' }));
    const plain = new OwnFlags(() => ({ value: 'plain' }));
    const greetings = await Promise.all(
      [warm, plain].map(async (flags) => {
        const server = await simulator({ agents: [seat('Ada')] });
        const { host } = await running({ ...configHere(server.url), flags } as never);
        const first = await server.arrive(talk('one', [])).done;
        return { host, server, first: first.heard[0]?.text };
      }),
    );
    expect(greetings.map(({ first }) => first)).toEqual(['Welcome!', 'Hello!']);
    const [one, other] = greetings;
    await one?.host.stop();
    expect([warm.closed, plain.closed]).toEqual([1, 0]);
    expect((await other?.server.arrive(talk('two', [])).done)?.heard[0]?.text).toBe('Hello!');
    expect(plain.asked).toHaveLength(2);
  });

  it('must be one: the config is refused otherwise', () => {
    expect(() => resolveConfig({ ...configHere('http://gws.test'), flags: {} as never } as never)).toThrow(
      'flags: must be an OpenFeature provider, with metadata and resolveStringEvaluation',
    );
  });
});
