import { useEffect } from 'preact/hooks';
import type { ExperimentRow } from '../../wire.ts';
import { experiments, followExperiments, problem } from '../experiments.ts';
import { Empty } from '../parts/empty.tsx';
import { Pill } from '../parts/pill.tsx';
import { addressOfExperiment, route } from '../route.ts';
import { Experiment, Progress, stateOf } from './experiment.tsx';

export function Experiments() {
  useEffect(followExperiments, []);
  const known = experiments.value;
  const { experiment: chosen } = route.value;
  if (known === undefined) return <p class="waiting">Reading the records …</p>;
  const rows = [...known.values()];
  // Of one alone there is nothing to choose.
  const row = chosen === undefined ? (rows.length === 1 ? rows[0] : undefined) : known.get(chosen);
  return (
    <div class={`experiments ${row === undefined ? 'experiments-list' : 'experiments-one'}`}>
      {problem.value !== undefined && (
        <p class="banner banner-bad" role="alert">
          Not all is shown: {problem.value}.
        </p>
      )}
      {rows.length === 0 && problem.value === undefined ? (
        <Empty title="No experiments" hint="The bots of the config are in none." />
      ) : (
        <>
          {rows.length > 1 && <List rows={rows} chosen={row?.report.experiment} />}
          {row === undefined ? (
            <div class="experiments-pick">
              <Empty
                title={chosen === undefined ? 'Choose an experiment' : `There is no experiment ${chosen}`}
                hint="What it has come to stands here."
              />
            </div>
          ) : (
            <div class="experiments-detail">
              {rows.length > 1 && (
                <a class="experiments-back" href={addressOfExperiment()}>
                  ← All experiments
                </a>
              )}
              <Experiment key={row.report.experiment} row={row} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

interface ListProps {
  readonly rows: readonly ExperimentRow[];
  readonly chosen: string | undefined;
}

function List({ rows, chosen }: ListProps) {
  return (
    <nav class="experiments-all" aria-label="Experiments">
      <ul>
        {rows.map(({ report }) => {
          const { experiment, stopped, sampleRatio } = report;
          const { tone, word } = stateOf(report);
          return (
            <li key={experiment}>
              <a
                href={addressOfExperiment(experiment)}
                aria-current={experiment === chosen ? 'true' : undefined}
              >
                <span class="strong">{experiment}</span> <Pill tone={tone}>{word}</Pill>
                {stopped !== undefined && <span class="why">{stopped.reason}</span>}
                <Progress report={report} />
                <span class="faint">
                  Split:{' '}
                  {sampleRatio === undefined ? 'not judged' : sampleRatio.broken ? 'broken' : 'as planned'}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
