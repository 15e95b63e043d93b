import {
  Clock,
  defineBot,
  definePlugin,
  defineService,
  type Interceptor,
  Journal,
  Logger,
  OperationsGateway,
  type Service,
  type Token,
} from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { ChainGateway } from '../../../core/gateway/gateway.ts';
import { prepareBots, rootContainer, sessionContainer } from '../../../core/session/container.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';

const passing: Interceptor = (operation, next) => next(operation);

abstract class Weather {
  abstract readonly forecast: string;
}
abstract class Memory {
  abstract readonly notes: string[];
}

const weather = (forecast = 'rain', scope?: Service['scope']): Service =>
  defineService({ token: Weather, ...(scope && { scope }), create: () => ({ forecast }) });

const clock = new RxClock();
const root = (...services: Service[]) =>
  rootContainer({ clock, journal: new LiveJournal(clock, silentLog), log: silentLog, services });
const gateway = () =>
  new ChainGateway({
    journal: (operation, next) => next(operation),
    once: passing,
    lane: passing,
    inner: [],
    send: () => [] as never,
  });

/** A session that creates one plugin with these tokens; what the plugin got. */
function injected(tokens: readonly Token[], services: readonly Service[], parent = root(...services)) {
  const got: unknown[][] = [];
  const plugin = definePlugin({
    name: 'tested',
    inject: tokens,
    bot: (_options, ...given) => {
      got.push(given);
      return () => [];
    },
  });
  const container = sessionContainer(parent, gateway(), services);
  prepareBots(container, [defineBot({ name: 'bot', plugins: [plugin()] })]);
  return { got: got[0] ?? [], container };
}

describe('a plugin', () => {
  it('gets the services it names, in their order', () => {
    const services = [weather(), defineService({ token: Memory, create: () => ({ notes: ['a'] }) })];
    expect(injected([Memory, Weather], services).got).toEqual([{ notes: ['a'] }, { forecast: 'rain' }]);
  });

  it('may ask for what Usher itself provides', () => {
    const { got } = injected([Clock, Journal, Logger, OperationsGateway], []);
    expect(got).toEqual([clock, expect.any(LiveJournal), silentLog, expect.any(ChainGateway)]);
  });

  it('is told by name when nobody provides what it asks for', () => {
    expect(() => injected([Weather], [])).toThrow(
      expect.objectContaining({
        code: 'USHER_BINDING',
        message: expect.stringMatching(/^plugin tested needs Weather, which cannot be provided: /),
      }),
    );
  });

  it('that cannot be created is named', () => {
    const broken = definePlugin({
      name: 'broken',
      bot: () => {
        throw new Error('no key');
      },
    });
    const container = sessionContainer(root(), gateway(), []);
    expect(() => prepareBots(container, [defineBot({ name: 'bot', plugins: [broken()] })])).toThrow(
      expect.objectContaining({
        code: 'USHER_PLUGIN_FAILED',
        message: 'plugin broken cannot be created: no key',
      }),
    );
  });
});

describe('a service', () => {
  it('of a session is one per agent, and closed with it', async () => {
    const closed: string[] = [];
    let count = 0;
    const services = [
      defineService({
        token: Memory,
        create: () => {
          count += 1;
          return { notes: [`${count}`] };
        },
        dispose: ({ notes }) => void closed.push(...notes),
      }),
    ];
    const parent = root(...services);
    const one = injected([Memory, Memory], services, parent);
    const two = injected([Memory], services, parent);
    expect(one.got[0]).toBe(one.got[1]);
    expect([...one.got, ...two.got]).toEqual([{ notes: ['1'] }, { notes: ['1'] }, { notes: ['2'] }]);
    await one.container.unbindAllAsync();
    expect(closed).toEqual(['1']);
  });

  it('of the host is one for all, and lives on when a session closes', async () => {
    let made = 0;
    let closed = 0;
    const services = [
      defineService({
        token: Weather,
        scope: 'host',
        create: () => {
          made += 1;
          return { forecast: 'sun' };
        },
        dispose: () => {
          closed += 1;
        },
      }),
    ];
    const parent = root(...services);
    const [one, two] = [injected([Weather], services, parent), injected([Weather], services, parent)];
    expect(one.got[0]).toBe(two.got[0]);
    await one.container.unbindAllAsync();
    expect([made, closed]).toEqual([1, 0]);
    await parent.unbindAllAsync();
    expect(closed).toBe(1);
  });

  it('of the host that needs something of a session fails at the start, by name', () => {
    const service = defineService({
      token: Memory,
      scope: 'host',
      inject: [OperationsGateway],
      create: () => ({ notes: [] }),
    });
    expect(() => root(service)).toThrow(
      expect.objectContaining({
        code: 'USHER_BINDING',
        message: expect.stringMatching(/^a service of scope host needs Memory, which cannot be provided: /),
      }),
    );
  });

  it('may be made from others', () => {
    const services = [
      weather('snow', 'host'),
      defineService({
        token: Memory,
        inject: [Weather, Clock],
        create: ({ forecast }) => ({ notes: [forecast] }),
      }),
    ];
    expect(injected([Memory], services).got).toEqual([{ notes: ['snow'] }]);
  });

  it('that nobody asks for is not made', () => {
    let made = false;
    const service = defineService({
      token: Memory,
      create: () => {
        made = true;
        return { notes: [] };
      },
    });
    injected([], [service]);
    expect(made).toBe(false);
  });
});
