import type { AgentDesk, BotFacts } from '../../core/index.ts';
import type { AgentRow } from './wire.ts';

/** An agent as the page shows it. */
export function agentRow(
  { username, agent, status, interactions, bots }: AgentDesk,
  { since, detail }: { readonly since: number; readonly detail?: string },
): AgentRow {
  const capacity = capacityOf(bots);
  return {
    username,
    nickname: agent?.nickname ?? '',
    status,
    since,
    ...(detail !== undefined && { detail }),
    open: interactions.length,
    ...(capacity !== undefined && { capacity }),
    bots: bots.map(({ name }) => name),
  };
}

/** The server does not tell how many chats an agent gets at a time; `auto-accept` may limit them. */
function capacityOf(bots: readonly BotFacts[]): number | undefined {
  const limits = bots
    .flatMap(({ plugins }) => plugins)
    .filter(({ name }) => name === 'auto-accept')
    .map(({ options }) => (options as { readonly capacity?: number }).capacity);
  return limits.length > 0 && limits.every((limit) => limit !== undefined)
    ? limits.reduce((sum, limit) => sum + limit, 0)
    : undefined;
}
