import { startSimulator } from 'usher-bots/simulator';
import type { CentreNews, CentreWish } from './centre-message.ts';
import { Customers } from './customers.ts';
import { transcriptsOf, verdictOf } from './transcripts.ts';

/** The contact centre of the demo, in a process of its own. */
const { usernames, password } = JSON.parse(process.env['USHER_FLEET_AGENTS'] ?? '{}') as {
  readonly usernames: readonly string[];
  readonly password: string;
};

/** Milliseconds from one tally to the next. */
const between = 250;

const simulator = await startSimulator({
  agents: usernames.map((username) => ({ username, password, firstName: username, capacity: 2 })),
});
const customers = new Customers(simulator);

function tell(news: CentreNews): void {
  if (process.connected) process.send?.(news);
}

const counting = setInterval(() => {
  const { open, ended, answers } = customers;
  tell({ kind: 'tally', open, ended, answers });
}, between);

async function close(within: number): Promise<void> {
  await customers.finish(within);
  clearInterval(counting);
  tell({ kind: 'verdict', verdict: verdictOf(transcriptsOf(simulator)), failures: customers.failures });
}

process.on('message', (wish: CentreWish) => {
  if (wish.do === 'open') void customers.letIn(wish.customers);
  else void close(wish.within);
});
// It is not to outlive the demo.
process.on('disconnect', () => process.exit());
tell({ kind: 'listening', url: simulator.url });
