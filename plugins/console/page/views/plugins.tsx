import type { PluginRow } from '../../wire.ts';
import { now } from '../clock.ts';
import { plugins } from '../live.ts';
import { Empty } from '../parts/empty.tsx';
import { Pill } from '../parts/pill.tsx';
import { act, session } from '../session.ts';
import { span } from '../times.ts';

export function Plugins() {
  const rows = plugins.value;
  if (rows.length === 0)
    return <Empty title="No plugins at work" hint="They appear when the first agent has logged in." />;
  const mayAct = session.value?.authority === 'act';
  return (
    <section class="panel" aria-label="Plugins">
      <p class="lead">
        A plugin that fails again and again is kept away from the chats, and tried again after a while.
      </p>
      <div class="scrolls">
        <table>
          <thead>
            <tr>
              <th scope="col">Plugin</th>
              <th scope="col">State</th>
              <th scope="col" class="number">
                Lines in its lanes
              </th>
              <th scope="col" class="number">
                Failures
              </th>
              {mayAct && <th scope="col">Switch</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Plugin key={row.plugin} row={row} mayAct={mayAct} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Plugin({ row, mayAct }: { readonly row: PluginRow; readonly mayAct: boolean }) {
  const { plugin, running, probing, quarantined, lines, failures, reason, until } = row;
  const all = running + probing + quarantined;
  const isAway = quarantined > 0;
  return (
    <tr>
      <th scope="row">{plugin}</th>
      <td>
        {isAway ? (
          <Pill tone="bad">in quarantine{all > 1 && ` at ${quarantined} of ${all} agents`}</Pill>
        ) : probing > 0 ? (
          <Pill tone="held">on trial</Pill>
        ) : (
          <Pill tone="good">at work</Pill>
        )}
        {isAway && reason !== undefined && (
          <p class="why">
            {reason}
            {until === undefined ? '; until it is released' : `; tried again in ${span(until - now.value)}`}
          </p>
        )}
      </td>
      <td class="number">{lines}</td>
      <td class={`number ${failures > 0 ? 'is-bad' : ''}`}>{failures}</td>
      {mayAct && (
        <td>
          <button
            type="button"
            aria-label={`${isAway ? 'Release' : 'Quarantine'} ${plugin}`}
            onClick={() => void act({ do: isAway ? 'release' : 'quarantine', plugin })}
          >
            {isAway ? 'Release' : 'Quarantine'}
          </button>
        </td>
      )}
    </tr>
  );
}
