import { computed } from '@preact/signals';
import type { Incident, OperationRow } from '../../wire.ts';
import { chats, incidents, operations } from '../live.ts';
import { Empty } from '../parts/empty.tsx';
import { addressOf } from '../route.ts';
import { timeOf, took } from '../times.ts';

const outcomes = ['sent', 'suppressed', 'refused', 'failed', 'unknown', 'unsupported'] as const;

const sorted = computed(() => [...operations.value].sort((one, other) => one.name.localeCompare(other.name)));
const latest = computed(() => incidents.value.toReversed());

export function Operations() {
  return (
    <div class="columns">
      <section class="panel" aria-label="Outcomes">
        <h2>Outcomes</h2>
        {sorted.value.length === 0 ? (
          <Empty title="Nothing was asked for yet" hint="Operations of the bots are counted here." />
        ) : (
          <div class="scrolls">
            <table>
              <thead>
                <tr>
                  <th scope="col">Operation</th>
                  {outcomes.map((outcome) => (
                    <th scope="col" key={outcome} class="number">
                      {outcome}
                    </th>
                  ))}
                  <th scope="col" class="number">
                    Median
                  </th>
                  <th scope="col" class="number">
                    Slowest
                  </th>
                </tr>
              </thead>
              <tbody>
                {sorted.value.map((row) => (
                  <Row key={row.name} row={row} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <p class="faint">Times run from the request of a plugin to the outcome, of the latest 200.</p>
      </section>
      <section class="panel" aria-label="Not sent, and problems">
        <h2>Not sent, and problems</h2>
        {latest.value.length === 0 ? (
          <Empty
            title="All is well"
            hint="What is held back, refused or broken stands here, with the reason."
          />
        ) : (
          <ol class="incidents">
            {latest.value.map((incident) => (
              <IncidentItem key={incident.n} incident={incident} />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function Row({ row: { name, outcomes: counts, median, slowest } }: { readonly row: OperationRow }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {outcomes.map((outcome) => (
        <td key={outcome} class={`number count-${(counts[outcome] ?? 0) > 0 ? outcome : 'none'}`}>
          {counts[outcome] ?? 0}
        </td>
      ))}
      <td class="number">{median === undefined ? '–' : took(median)}</td>
      <td class="number">{slowest === undefined ? '–' : took(slowest)}</td>
    </tr>
  );
}

function IncidentItem({ incident }: { readonly incident: Incident }) {
  const { at, what, why, agent, interaction, plugin } = incident;
  const isKnown = interaction !== undefined && chats.value.has(`${agent}/${interaction}`);
  return (
    <li>
      <time>{timeOf(at)}</time>
      <div>
        <p>
          <span class="strong">{what}</span>
          {plugin !== undefined && <span class="tag">{plugin}</span>}
        </p>
        {why !== '' && <p class="why">{why}</p>}
        <p class="faint">
          {agent}{' '}
          {interaction !== undefined &&
            (isKnown ? (
              <a href={addressOf('chats', { agent, id: interaction })}>{interaction}</a>
            ) : (
              interaction
            ))}
        </p>
      </div>
    </li>
  );
}
