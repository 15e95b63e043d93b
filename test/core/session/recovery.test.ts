import { describe, expect, it } from 'vitest';
import { receptionist } from '../../../bots/receptionist.ts';
import { oneSeat, running, simulator } from '../../integration/contact-centre.ts';

const bot = receptionist({ greeting: 'Hello {FirstName}', pace: { minimum: 1, maximum: 1 } });

/** A chat that has been greeted, and then the server forgets the agent's sessions. */
async function lostAfterGreeting() {
  const server = await simulator({ cometd: { timeout: 200 } });
  const seat = await running(oneSeat(server.url, bot));
  const customer = server.arrive({
    firstName: 'Mia',
    steps: [{ expect: 'Hello Mia' }, { expect: /Monday/, within: 5_000 }],
  });
  await seat.until((entry) => entry.kind === 'outcome' && entry.outcome.operation.name === 'sendMessage');
  server.expireSessions();
  return { ...seat, server, customer };
}

describe('an agent that was cut off from its chat', () => {
  it('answers what the customer said meanwhile', async () => {
    const { customer } = await lostAfterGreeting();
    customer.say('When are you open?');
    expect(await customer.done).toMatchObject({ served: true });
  });

  it('answers what the customer says once it is back, and greets nobody twice', async () => {
    const { customer, entries, until } = await lostAfterGreeting();
    const cut = entries.length;
    await until(
      (entry) => entry.kind === 'session' && entry.status === 'ready' && entries.indexOf(entry) > cut,
    );
    customer.say('When are you open?');
    const { served, heard } = await customer.done;
    expect(served).toBe(true);
    expect(heard.map(({ text }) => text)).toEqual(['Hello Mia', expect.stringContaining('Monday')]);
  });
});
