import type { CustomerResult } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { receptionist } from '../../bots/receptionist.ts';
import { oneSeat, password, running, seat, simulator } from './contact-centre.ts';

const customer = (at: number) => ({
  firstName: `Customer${at}`,
  steps: [
    { expect: `Hello Customer${at},`, within: 60_000 },
    { say: 'When are you open?' },
    { expect: /Monday/ },
    { say: 'thanks' },
    { expect: `You are welcome, Customer${at}.` },
  ],
});

/** Greeted once, by name, and answered in the order of the questions. */
function expectServedInOrder(results: readonly CustomerResult[]): void {
  for (const [at, { served, heard, failure }] of results.entries()) {
    expect({ served, failure }).toEqual({ served: true, failure: undefined });
    expect(heard.map(({ text }) => text)).toEqual([
      `Hello Customer${at}, I am ${heard[0]?.from}. How can I help you?`,
      'We are open Monday to Friday from 8 to 18 h, and on Saturday from 9 to 13 h.',
      `You are welcome, Customer${at}. Have a nice day!`,
    ]);
  }
}

describe('many at once', () => {
  it('fifty customers on one agent with capacity 5', { timeout: 120_000 }, async () => {
    const server = await simulator({ agents: [seat('Ada', 5)] });
    await running(oneSeat(server.url, receptionist({ capacity: 5, pace: { minimum: 5, maximum: 10 } })));
    const arrived = Array.from({ length: 50 }, (_, at) => server.arrive(customer(at)));
    expectServedInOrder(await Promise.all(arrived.map(({ done }) => done)));
    const greetings = server.operations.filter(({ operationName }) => operationName === 'Accept');
    expect(greetings).toHaveLength(50);
  });

  it('ten agents in one process', { timeout: 120_000 }, async () => {
    const names = Array.from({ length: 10 }, (_, at) => `Agent${at}`);
    const server = await simulator({ agents: names.map((name) => seat(name, 5)) });
    const { host } = await running({
      server: { url: server.url },
      agents: names.map((username) => ({
        username,
        password,
        nickname: username,
        bots: [receptionist({ pace: { minimum: 5, maximum: 10 } })],
      })),
    });
    const arrived = Array.from({ length: 50 }, (_, at) => server.arrive(customer(at)));
    expectServedInOrder(await Promise.all(arrived.map(({ done }) => done)));
    expect(new Set(server.operations.map(({ username }) => username)).size).toBe(10);
    expect(Object.fromEntries(host.journal.problems)).toEqual({});
  });
});
