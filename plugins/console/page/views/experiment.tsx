import { chance, difference, guardText, span, whole } from '../../../../core/model/experiment-figures.ts';
import type { ExperimentReport, GuardReport } from '../../../../core/model/experiment-report.ts';
import type { ExperimentRow } from '../../wire.ts';
import { Pill, type Tone } from '../parts/pill.tsx';
import { session } from '../session.ts';
import { dayOf } from '../times.ts';
import { ExperimentMetric } from './experiment-metric.tsx';
import { TurnExperiment } from './turn-experiment.tsx';

/** How an experiment does, in a word. */
export function stateOf({ enabled, stopped, sampleRatio }: ExperimentReport): {
  readonly tone: Tone;
  readonly word: string;
} {
  if (sampleRatio?.broken) return { tone: 'bad', word: 'split broken' };
  if (!enabled) return { tone: 'plain', word: 'not enabled' };
  return stopped === undefined ? { tone: 'good', word: 'running' } : { tone: 'held', word: 'stopped' };
}

/** One experiment: whether its figures can be trusted, and then the figures. */
export function Experiment({ row: { report, history } }: { readonly row: ExperimentRow }) {
  const { experiment, enabled, stopped, test, alpha, metrics, guards, holdout, sampleRatio } = report;
  const { tone, word } = stateOf(report);
  const judged = test === 'sequential' ? 'to be read at any time' : 'to be read once, at the end';
  return (
    <article class="experiment" aria-label={experiment}>
      <header class="experiment-head">
        <h2>{experiment}</h2>
        <Pill tone={tone}>{word}</Pill>
        <span class="faint experiment-judged">
          {judged}, {(100 * alpha).toFixed(0)} % false alarms
        </span>
        {session.value?.authority === 'act' && <TurnExperiment report={report} />}
      </header>
      {sampleRatio?.broken && (
        <p class="banner banner-bad" role="alert">
          <strong>The split is broken: trust no figure below.</strong> Units get lost in an arm (
          {chance(sampleRatio.anytimeP)}); find out where before anything else.
        </p>
      )}
      {!enabled && <p class="banner">The config does not enable it: everybody gets the control.</p>}
      {stopped !== undefined && (
        <p class="banner banner-held">
          <strong>Stopped {dayOf(stopped.at)}:</strong> {stopped.reason}. New chats get the control.
        </p>
      )}
      <Progress report={report} />
      <Split report={report} />
      {holdout !== undefined && (
        <p class="faint">
          Held out of all experiments: {whole(holdout.units)} units with {whole(holdout.chats)} chats.
        </p>
      )}
      {metrics.map((metric) => (
        <ExperimentMetric
          key={metric.name}
          report={report}
          metric={metric}
          history={history.filter((one) => one.metric === metric.name)}
        />
      ))}
      {guards.length > 0 && <Guards guards={guards} />}
    </article>
  );
}

export function Progress({ report: { units, planned } }: { readonly report: ExperimentReport }) {
  return (
    <div class="progress">
      <span>
        {whole(units)} of {whole(planned)} units
      </span>
      <progress
        max={planned}
        value={Math.min(units, planned)}
        aria-label="units of those that were planned for"
      />
    </div>
  );
}

function Split({ report: { arms, sampleRatio } }: { readonly report: ExperimentReport }) {
  const all = arms.reduce((sum, { units }) => sum + units, 0);
  return (
    <section class="metric" aria-label="Split">
      <h3>
        Split{' '}
        {sampleRatio === undefined ? (
          <Pill tone="plain">not judged: the chances are not fixed</Pill>
        ) : sampleRatio.broken ? (
          <Pill tone="bad">broken, {chance(sampleRatio.anytimeP)}</Pill>
        ) : (
          <Pill tone="good">as planned, {chance(sampleRatio.p)}</Pill>
        )}
      </h3>
      <div class="scrolls">
        <table aria-label="Split">
          <thead>
            <tr>
              <th scope="col">Arm</th>
              {['Units', 'of all', 'planned', 'Chats', 'over'].map((head) => (
                <th key={head} scope="col" class="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {arms.map(({ arm, share, units, chats, ended }) => (
              <tr key={arm}>
                <th scope="row">{arm}</th>
                <td class="number">{whole(units)}</td>
                <td class="number">{all === 0 ? '–' : percent(units / all)}</td>
                <td class="number">{percent(share)}</td>
                <td class="number">{whole(chats)}</td>
                <td class="number">{whole(ended)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Guards({ guards }: { readonly guards: readonly GuardReport[] }) {
  return (
    <section class="metric" aria-label="Guards">
      <h3>Guards</h3>
      <ul class="guards">
        {guards.map((guard) => (
          <Guard key={`${guard.name} ${guard.arm}`} guard={guard} />
        ))}
      </ul>
    </section>
  );
}

function Guard({ guard }: { readonly guard: GuardReport }) {
  const { name, kind, arm, difference: found, breached } = guard;
  const shown = (value: number): string => difference(kind, value);
  return (
    <li>
      {breached ? (
        <Pill tone="bad">breached</Pill>
      ) : found === undefined ? (
        <Pill tone="plain">too early</Pill>
      ) : (
        <Pill tone="good">holds</Pill>
      )}{' '}
      <span class="strong">{name}</span> in {arm} <span class="faint">{guardText(guard)}</span>
      {found !== undefined && (
        <span class="faint">
          {' '}
          · {shown(found.value)} ({span(found.low, found.high, shown)})
        </span>
      )}
    </li>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
