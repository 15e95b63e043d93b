import { computed } from '@preact/signals';
import type { AgentRow } from '../../wire.ts';
import { now } from '../clock.ts';
import { agents } from '../live.ts';
import { Empty } from '../parts/empty.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { span } from '../times.ts';

const tones: Readonly<Record<string, Tone>> = {
  ready: 'good',
  starting: 'held',
  recovering: 'bad',
  stopping: 'held',
  stopped: 'plain',
  failed: 'bad',
};

/** Those who need somebody first. */
const urgency = ['failed', 'recovering', 'starting', 'stopping', 'stopped', 'ready'];

const sorted = computed(() =>
  [...agents.value.values()].sort(
    (one, other) =>
      urgency.indexOf(one.status) - urgency.indexOf(other.status) ||
      one.username.localeCompare(other.username),
  ),
);

export function Agents() {
  const rows = sorted.value;
  const ready = rows.filter(({ status }) => status === 'ready').length;
  return (
    <section class="panel" aria-label="Agents">
      <p class="lead">
        {ready} of {rows.length} {rows.length === 1 ? 'agent is' : 'agents are'} subscribed and Ready.
      </p>
      {rows.length === 0 ? (
        <Empty title="No agents" hint="They stand in the config, under agents." />
      ) : (
        <VirtualList
          label="Agents"
          rows={rows}
          keyOf={({ username }) => username}
          height={64}
          selected={undefined}
          onSelect={() => undefined}
        >
          {(agent) => <Agent agent={agent} />}
        </VirtualList>
      )}
    </section>
  );
}

function Agent({ agent }: { readonly agent: AgentRow }) {
  const { username, nickname, status, since, detail, open, capacity, bots } = agent;
  return (
    <div class="agent">
      <div class="agent-name">
        <span class="strong">{nickname || username}</span>
        <span class="faint">{username}</span>
      </div>
      <div>
        <Pill tone={tones[status] ?? 'plain'}>{status}</Pill>{' '}
        <span class="faint">for {span(now.value - since)}</span>
        {detail !== undefined && status !== 'ready' && <p class="agent-detail">{detail}</p>}
      </div>
      <div class="agent-load">
        <span class="strong">{open}</span>
        {capacity === undefined ? ' chats' : ` of ${capacity} chats`}
        {capacity !== undefined && (
          <meter min={0} max={capacity} value={open} aria-label="chats of the capacity" />
        )}
      </div>
      <div class="faint agent-bots">{bots.join(', ')}</div>
    </div>
  );
}
