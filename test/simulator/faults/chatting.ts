import type { FaultPlan, SimulatorOptions } from 'usher-bots/simulator';
import { type Desk, desk, gws, inState } from '../desk.ts';

/** Ada in a chat with Mia; faults are planned from here on. */
export async function chatting(options: SimulatorOptions = {}) {
  const server = await gws({ cometd: { timeout: 100 }, ...options });
  const agent = await desk(server, 'ada');
  const customer = server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
  await agent.until(inState('Invited'));
  const id = customer.chatId;
  await agent.operate(id, 'Accept', { nickname: 'Ada' });
  await agent.until(({ messageType }) => messageType === 'MessageLogUpdated');
  const plan = (fault: FaultPlan): void => server.faults.plan(fault);
  return { server, agent, customer, id, plan };
}

/** The texts that came by CometD so far, in their order. */
export const texts = ({ events }: Desk): string[] =>
  messages(events).flatMap(({ text }) => (text === undefined ? [] : [text]));

/** The transcript lines of some events. */
export const messages = (events: readonly unknown[]): { index: number; text?: string }[] =>
  events.flatMap((event) => {
    const found = (event as { messages?: unknown } | null)?.messages;
    return Array.isArray(found) ? found : [];
  });
