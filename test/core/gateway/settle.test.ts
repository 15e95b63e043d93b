import { defer, firstValueFrom, NEVER, type Observable, of, Subject, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Operation, Outcome } from 'usher-bots';
import { describe, expect, it, vi } from 'vitest';
import { UsherError } from '../../../core/errors.ts';
import { Settling } from '../../../core/gateway/interceptors/settle.ts';
import { evidenceOf } from '../../../core/gateway/reconciliation.ts';
import type { OpenIntent } from '../../../core/model/interaction-document.ts';
import { type OperationName, type OperationRequest, operationNames } from '../../../core/model/operation.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';

const settleTime = 1_000;
const origin = { interactionId: 'I', plugin: 'tested' };

/** A server that does, or does not do, what it is sent, and whose answers get lost. */
class Server {
  readonly sent: string[] = [];
  readonly chat = new LiveInteraction('I', testAgent, { state: 'Invited' });
  readonly ledger: SessionLedger;
  readonly settling: Settling;
  readonly lines: string[] = [];
  readonly #clock = new RxClock();
  #index = 1;

  constructor(stored?: OpenIntent) {
    this.chat.update({ state: 'Chatting', participants: [people.agent, people.customer] });
    this.chat.append([
      { index: 1, type: 'ParticipantJoined', from: people.agent, text: '', visibility: 'All' },
    ]);
    const document = { shape: 1 as const, seen: 1, handled: {}, done: [] };
    this.ledger = new SessionLedger({
      stored:
        stored === undefined ? [] : [{ id: 'I', version: 1, document: { ...document, intent: stored } }],
    });
    this.settling = new Settling({
      find: (id) => (id === 'I' ? this.chat : undefined),
      ledger: this.ledger,
      settleTime,
      readTranscript: () => of(true),
      refresh: () => of(true),
    });
  }

  /** The agent's own line appears in the transcript. */
  say(text: string, after = 0): void {
    timer(after).subscribe(() => {
      this.lines.push(text);
      this.#append(text, 'agent');
    });
  }

  /** The customer writes. */
  hear(text: string): void {
    this.#append(text, 'customer');
  }

  #append(text: string, who: 'agent' | 'customer'): void {
    this.#index += 1;
    this.chat.append([{ index: this.#index, type: 'Text', from: people[who], text, visibility: 'All' }]);
  }

  perform(operation: Operation, ...answers: ((operation: Operation) => Partial<Outcome>)[]): Outcome[] {
    const outcomes: Outcome[] = [];
    const next = (leaving: Operation): Observable<Outcome> =>
      defer(() => {
        const answer = answers[Math.min(this.sent.length, answers.length - 1)];
        this.sent.push(`${this.#clock.now()} ${leaving.name}`);
        return of({ operation: leaving, kind: 'sent' as const, attempts: 1, ...answer?.(leaving) });
      });
    this.settling.interceptor(operation, next).subscribe((outcome) => outcomes.push(outcome));
    return outcomes;
  }
}

const message = (text = 'Hi'): Operation => ({ name: 'sendMessage', text, ...origin });
const lost = (): Partial<Outcome> => ({ kind: 'unknown', reason: 'no-reply' });

function virtually(test: () => void): void {
  new TestScheduler(() => undefined).run(test);
}

/** Runs in virtual time to its end, and looks then. */
function played<Result>(run: () => Result, look: (result: Result) => void): void {
  let result: Result | undefined;
  virtually(() => {
    result = run();
  });
  look(result as Result);
}

describe('an operation whose answer is lost', () => {
  it('is not sent again when its line is there', () =>
    played(
      () => {
        const server = new Server();
        const outcomes = server.perform(message(), () => {
          server.say('Hi');
          return lost();
        });
        return { server, outcomes };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toEqual(['0 sendMessage']);
        expect(outcomes).toMatchObject([{ kind: 'sent', reconciled: true, attempts: 1 }]);
      },
    ));

  it('is not sent again either when its line comes within the settle time', () =>
    played(
      () => {
        const server = new Server();
        server.perform(message(), () => {
          server.say('Hi', settleTime - 100);
          return lost();
        });
        return server;
      },
      ({ sent, lines }) => expect({ sent, lines }).toEqual({ sent: ['0 sendMessage'], lines: ['Hi'] }),
    ));

  it('is sent again, after the settle time, when it had no effect', () =>
    played(
      () => {
        const server = new Server();
        const outcomes = server.perform(message(), lost, () => {
          server.say('Hi');
          return {};
        });
        return { server, outcomes };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toEqual(['0 sendMessage', '1000 sendMessage']);
        expect(outcomes).toMatchObject([{ kind: 'sent' }]);
      },
    ));

  it('ends as unknown when it is lost again and again', () =>
    played(
      () => {
        const server = new Server();
        return { server, outcomes: server.perform(message(), lost) };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toHaveLength(5);
        expect(outcomes).toMatchObject([{ kind: 'unknown', reason: 'no-reply' }]);
      },
    ));

  it('is not mistaken for the same words said before it', () =>
    played(
      () => {
        const server = new Server();
        server.say('Hi');
        timer(10).subscribe(() =>
          server.perform(message(), lost, () => {
            server.say('Hi');
            return {};
          }),
        );
        return server;
      },
      ({ sent, lines }) =>
        expect({ sent, lines }).toEqual({
          sent: ['10 sendMessage', '1010 sendMessage'],
          lines: ['Hi', 'Hi'],
        }),
    ));

  it('is not mistaken for the same words of somebody else', () =>
    played(
      () => {
        const server = new Server();
        server.perform(
          message(),
          () => {
            server.hear('Hi');
            return lost();
          },
          () => {
            server.say('Hi');
            return {};
          },
        );
        return server;
      },
      ({ sent }) => expect(sent).toHaveLength(2),
    ));

  it('is recognised though the server trims and folds its blanks', () =>
    played(
      () => {
        const server = new Server();
        server.perform(message(' Hello  there\n'), () => {
          server.say('Hello there');
          return lost();
        });
        return server;
      },
      ({ sent }) => expect(sent).toHaveLength(1),
    ));

  it.each<[OperationRequest, (chat: LiveInteraction) => void]>([
    [{ name: 'transfer', to: { agentId: 'x' } }, (chat) => chat.end({ reason: 'completed' })],
    [{ name: 'completeTransfer' }, (chat) => chat.end({ reason: 'completed' })],
    [{ name: 'stopProcessing' }, (chat) => chat.update({ state: 'Completed' })],
    [{ name: 'leave' }, (chat) => chat.update({ state: 'LeftChat' })],
    [
      { name: 'startConsultation', to: { agentId: 'x' } },
      (chat) => chat.update({ participants: [people.agent, people.customer, people.colleague] }),
    ],
    [
      { name: 'invite', to: { agentId: 'x' } },
      (chat) => chat.update({ participants: [people.agent, people.colleague] }),
    ],
    [{ name: 'removeParticipant', agentId: 'x' }, () => undefined],
  ])('is settled by the state it left: %o', (request, happens) =>
    played(
      () => {
        const server = new Server();
        const outcomes = server.perform({ ...request, ...origin }, () => {
          happens(server.chat);
          return lost();
        });
        return { server, outcomes };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toHaveLength(1);
        expect(outcomes).toMatchObject([{ kind: 'sent', reconciled: true }]);
      },
    ),
  );

  it('took effect when GWS finds its repetition out of place, where no state shows it', () =>
    played(
      () => {
        const server = new Server();
        const outcomes = server.perform(
          { name: 'startConsultation', to: { agentId: 'x' }, ...origin },
          lost,
          () => ({
            kind: 'refused',
            status: 2,
          }),
        );
        return { server, outcomes };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toHaveLength(2);
        expect(outcomes).toMatchObject([{ kind: 'sent', reconciled: true }]);
      },
    ));

  it('stays refused when the repetition is refused for another reason', () =>
    played(
      () => {
        const server = new Server();
        return server.perform({ name: 'transfer', to: { agentId: 'x' }, ...origin }, lost, () => ({
          kind: 'refused',
          status: 6,
        }));
      },
      (outcomes) => expect(outcomes).toMatchObject([{ kind: 'refused', status: 6 }]),
    ));

  it('of a chat that ended meanwhile is not sent into the next one', () =>
    played(
      () => {
        const server = new Server();
        const outcomes = server.perform(message(), () => {
          server.chat.end({ reason: 'vanished' });
          return lost();
        });
        return { server, outcomes };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toHaveLength(1);
        expect(outcomes).toMatchObject([{ kind: 'unknown' }]);
      },
    ));
});

describe('an operation that GWS took, and that came to nothing', () => {
  const fails = (server: Server, after: number, referenceId?: number): void => {
    timer(after).subscribe(() =>
      server.chat.update(
        {},
        {
          kind: 'interaction',
          interactionId: 'I',
          change: 'Error',
          update: {},
          error: 'no chat server',
          ...(referenceId !== undefined && { referenceId }),
        },
      ),
    );
  };

  it('is sent again when the failure is told and its line is not there', () =>
    played(
      () => {
        const server = new Server();
        const outcomes = server.perform(
          message(),
          () => {
            fails(server, 20);
            return {};
          },
          () => {
            server.say('Hi');
            return {};
          },
        );
        return { server, outcomes };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toEqual(['0 sendMessage', '1020 sendMessage']);
        expect(outcomes).toMatchObject([{ kind: 'sent' }]);
      },
    ));

  it('is refused in the end, with what GWS said', () =>
    played(
      () => {
        const server = new Server();
        return server.perform(message(), () => {
          fails(server, 20);
          return {};
        });
      },
      (outcomes) =>
        expect(outcomes).toMatchObject([{ kind: 'refused', reason: 'error', message: 'no chat server' }]),
    ));

  it('is another one where both sides name the request', () =>
    played(
      () => {
        const server = new Server();
        server.perform(message(), () => {
          fails(server, 20, 8);
          server.say('Hi', 40);
          return { referenceId: 7 };
        });
        return server;
      },
      ({ sent }) => expect(sent).toEqual(['0 sendMessage']),
    ));

  it('is doubtful when nothing shows of it, however often it is taken', () =>
    played(
      () => {
        const server = new Server();
        return { server, outcomes: server.perform(message()) };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toHaveLength(5);
        expect(outcomes).toMatchObject([{ kind: 'unknown', reason: 'no-effect' }]);
      },
    ));

  it.each<OperationRequest>([
    { name: 'transfer', to: { agentId: 'x' } },
    { name: 'startConsultation', to: { agentId: 'x' } },
  ])('is believed where nothing has to show soon: %o', (request) =>
    played(
      () => {
        const server = new Server();
        return { server, outcomes: server.perform({ ...request, ...origin }) };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toHaveLength(1);
        expect(outcomes).toMatchObject([{ kind: 'sent' }]);
      },
    ),
  );

  it('is not waited for once its line is there', () =>
    played(
      () => {
        const server = new Server();
        const clock = new RxClock();
        const ended: number[] = [];
        server.say('Hi', 5);
        const next = (operation: Operation): Observable<Outcome> =>
          of({ operation, kind: 'sent' as const, attempts: 1 });
        server.settling.interceptor(message(), next).subscribe({ complete: () => ended.push(clock.now()) });
        return ended;
      },
      (ended) => expect(ended).toEqual([5]),
    ));
});

describe('the end of typing', () => {
  const stop: Operation = { name: 'sendTyping', typing: false, ...origin };

  it('is told at once, and sent once more when it comes to nothing', () =>
    played(
      () => {
        const server = new Server();
        const clock = new RxClock();
        const told: number[] = [];
        const next = (operation: Operation): Observable<Outcome> =>
          defer(() => {
            server.sent.push(`${clock.now()} ${operation.name}`);
            return of({ operation, kind: 'sent' as const, attempts: 1 });
          });
        server.settling.interceptor(stop, next).subscribe(() => told.push(clock.now()));
        return { server, told };
      },
      ({ server, told }) => {
        expect(told).toEqual([0]);
        expect(server.sent).toEqual(['0 sendTyping', '1000 sendTyping']);
      },
    ));

  it('is not sent again when the sign is seen to be out', () =>
    played(
      () => {
        const server = new Server();
        server.perform(stop);
        timer(5).subscribe(() =>
          server.chat.append([
            { index: 2, type: 'TypingStopped', from: people.agent, text: '', visibility: 'All' },
          ]),
        );
        return server;
      },
      ({ sent }) => expect(sent).toEqual(['0 sendTyping']),
    ));
});

describe('what an earlier process left on its way', () => {
  const intent = (base: number): OpenIntent => ({ operation: message('Hello!'), base });

  it('is looked for first, and found', () =>
    played(
      () => {
        const left = intent(1);
        const server = new Server(left);
        const operation = server.settling.resume(left);
        const outcomes = server.perform(operation);
        server.say('Hello!', 50);
        return { server, outcomes };
      },
      ({ server, outcomes }) => {
        expect(server.sent).toEqual([]);
        expect(outcomes).toMatchObject([{ kind: 'sent', reconciled: true }]);
        expect(server.ledger.of(server.chat).intent).toBeUndefined();
      },
    ));

  it('keeps its key for good: the process after this one must not do it again either', () =>
    played(
      () => {
        const left: OpenIntent = { operation: { ...message('Hello!'), once: 'greeting' }, base: 1 };
        const server = new Server(left);
        server.perform(server.settling.resume(left));
        server.say('Hello!', 50);
        return server;
      },
      ({ ledger, chat }) => {
        expect(ledger.of(chat).intent).toBeUndefined();
        expect(ledger.of(chat).has('greeting')).toBe(true);
      },
    ));

  it('is sent when it never got there', () =>
    played(
      () => {
        const left = intent(1);
        const server = new Server(left);
        server.perform(server.settling.resume(left), () => {
          server.say('Hello!');
          return {};
        });
        return server;
      },
      ({ sent }) => expect(sent).toEqual(['1000 sendMessage']),
    ));
});

describe('an operation with a store', () => {
  it('leaves only once it is written down, and not at all when another process has the agent', async () => {
    const server = new Server();
    const written: ((result: 'ok' | 'fenced') => void)[] = [];
    const ledger = new SessionLedger({ write: () => new Promise((resolve) => written.push(resolve)) });
    const settling = new Settling({
      find: () => server.chat,
      ledger,
      readTranscript: () => NEVER,
      refresh: () => NEVER,
    });
    const sent: string[] = [];
    const send = (text: string): Promise<Outcome> =>
      firstValueFrom(
        settling.interceptor(message(text), (operation) =>
          defer(() => {
            sent.push(text);
            server.say(text);
            return of({ operation, kind: 'sent' as const, attempts: 1 });
          }),
        ),
      );

    const first = send('one');
    await vi.waitFor(() => expect(written).toHaveLength(1));
    expect(sent).toEqual([]);
    written[0]?.('ok');
    await expect(first).resolves.toMatchObject({ kind: 'sent' });

    const second = send('two');
    await vi.waitFor(() => expect(written).toHaveLength(2));
    written[1]?.('fenced');
    await expect(second).resolves.toMatchObject({ kind: 'suppressed', reason: 'fenced' });
    expect(sent).toEqual(['one']);
  });
});

describe('an operation whose store is away', () => {
  const away = new UsherError('USHER_STORE_UNAVAILABLE', 'the store did not answer');
  const settlingWith = (write: () => Promise<'ok'>, leaving$: Observable<unknown> = NEVER) => {
    const server = new Server();
    const ledger = new SessionLedger({ write });
    const settling = new Settling({
      ...{ find: () => server.chat, ledger, leaving$ },
      ...{ readTranscript: () => NEVER, refresh: () => NEVER },
    });
    const sent: string[] = [];
    const outcome = firstValueFrom(
      settling.interceptor(message('one'), (operation) =>
        defer(() => {
          sent.push('one');
          server.say('one');
          return of({ operation, kind: 'sent' as const, attempts: 1 });
        }),
      ),
    );
    return { sent, outcome };
  };

  it('is written down when the store is back, and sent then', async () => {
    const write = vi.fn<() => Promise<'ok'>>().mockRejectedValueOnce(away).mockRejectedValueOnce(away);
    const { sent, outcome } = settlingWith(write.mockResolvedValue('ok'));
    expect(sent).toEqual([]);
    await expect(outcome).resolves.toMatchObject({ kind: 'sent' });
    expect(write.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(sent).toEqual(['one']);
  });

  it('is given up when the bots are stopped', async () => {
    const leaving = new Subject<void>();
    const write = vi.fn<() => Promise<'ok'>>().mockRejectedValue(away);
    const { sent, outcome } = settlingWith(write, leaving);
    await vi.waitFor(() => expect(write.mock.calls.length).toBeGreaterThan(1));
    leaving.next();
    await expect(outcome).resolves.toMatchObject({ kind: 'failed', reason: 'store' });
    expect(sent).toEqual([]);
  });

  it('is given up at once where the store cannot keep it', async () => {
    const write = vi
      .fn<() => Promise<'ok'>>()
      .mockRejectedValue(new UsherError('USHER_STORE_LIMIT', 'too large'));
    const { outcome } = settlingWith(write);
    await expect(outcome).resolves.toMatchObject({ kind: 'failed', reason: 'store' });
  });
});

describe('the evidence', () => {
  it('is named for every operation', () => {
    expect(Object.keys(evidenceOf).sort()).toEqual([...operationNames].sort());
  });

  it.each(operationNames.filter((name: OperationName) => evidenceOf[name] === 'repeat'))(
    'of %s is not asked for: nothing is written down, and nothing looked for',
    (name) =>
      played(
        () => {
          const server = new Server();
          const outcomes = server.perform({ name, ...origin } as Operation, lost);
          return { server, outcomes };
        },
        ({ server, outcomes }) => {
          expect(server.sent).toEqual([`0 ${name}`]);
          expect(outcomes).toMatchObject([{ kind: 'unknown' }]);
        },
      ),
  );
});
