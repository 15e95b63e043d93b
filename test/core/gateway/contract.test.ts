import { of } from 'rxjs';
import type { OperationsGateway } from 'usher-bots';
import { gatewayContract, type MakeGateway } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { ChainGateway } from '../../../core/gateway/gateway.ts';
import { capability } from '../../../core/gateway/interceptors/capability.ts';
import { lane } from '../../../core/gateway/interceptors/lane.ts';
import { once } from '../../../core/gateway/interceptors/once.ts';
import { retry } from '../../../core/gateway/interceptors/retry.ts';
import { Settling } from '../../../core/gateway/interceptors/settle.ts';
import type { Interceptor } from '../../../core/ports.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';

const through: Interceptor = (operation, next) => next(operation);

/** The chain of an agent session, or one that lacks a link. */
const chain =
  (lacking?: 'once' | 'lane' | 'capability'): MakeGateway =>
  ({ send, find }): OperationsGateway => {
    const ledger = new SessionLedger();
    const settling = new Settling({ find, ledger, readTranscript: () => of(true), refresh: () => of(true) });
    return new ChainGateway({
      journal: through,
      once: lacking === 'once' ? through : once(find, ledger),
      lane: lacking === 'lane' ? through : lane(),
      inner: [
        settling.interceptor,
        retry({ jitter: () => 1 }),
        ...(lacking === 'capability' ? [] : [capability(find, gws850().capabilities)]),
      ],
      send,
    });
  };

describe('the gateway of an agent session', () => {
  it.each(gatewayContract(chain()))('$promise', ({ check }) => check());
});

describe('the contract of gateways', () => {
  it.each([
    ['once', 'lets a once key take effect once, whichever plugin asks'],
    ['lane', 'takes the operations of a chat one after the other, in the order they were asked for'],
    ['capability', 'suppresses what GWS does not permit now'],
  ] as const)('misses the link %s', async (lacking, promise) => {
    const broken = gatewayContract(chain(lacking)).find((one) => one.promise === promise);
    await expect(broken?.check()).rejects.toThrow();
  });
});
