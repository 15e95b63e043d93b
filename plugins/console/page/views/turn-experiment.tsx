import { useRef, useState } from 'preact/hooks';
import type { ExperimentReport } from '../../../../core/model/experiment-report.ts';
import { act } from '../session.ts';

/** Stops an experiment or lets it go on, after having asked. */
export function TurnExperiment({ report }: { readonly report: ExperimentReport }) {
  const { experiment, control, stopped, guards } = report;
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  const isStopped = stopped !== undefined;
  const verb = isStopped ? 'Resume' : 'Stop';
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        {verb} …
      </button>
      <dialog ref={dialog} aria-labelledby="turn-title">
        <form
          method="dialog"
          onSubmit={() => {
            const what = isStopped ? 'resume-experiment' : 'stop-experiment';
            void act({ do: what, experiment, ...(reason.trim() !== '' && { reason: reason.trim() }) });
            setReason('');
          }}
        >
          <h2 id="turn-title">{isStopped ? `Let ${experiment} go on?` : `Stop ${experiment}?`}</h2>
          <p>
            {isStopped
              ? `New chats get the arms again${guards.length > 0 ? '; its guards do not stop it another time' : ''}.`
              : `New chats get the control, ${control}. Those that are open keep their arms, and are counted.`}{' '}
            All processes on the same store follow within 5 seconds.
          </p>
          <label>
            Reason
            <input
              type="text"
              maxLength={200}
              placeholder="by hand"
              value={reason}
              onInput={({ currentTarget }) => setReason(currentTarget.value)}
            />
          </label>
          <div class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              Not now
            </button>
            <button type="submit" class={isStopped ? 'main' : 'danger'}>
              {verb}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
