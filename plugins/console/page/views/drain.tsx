import { useRef, useState } from 'preact/hooks';
import { host } from '../live.ts';
import { act } from '../session.ts';

/** Has the process stop in good order, after having asked. */
export function Drain() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [seconds, setSeconds] = useState(300);
  const state = host.value;
  if (state === undefined || state.stopping) return null;
  return (
    <>
      <button type="button" class="quiet" onClick={() => dialog.current?.showModal()}>
        Drain …
      </button>
      <dialog ref={dialog} aria-labelledby="drain-title">
        <form
          method="dialog"
          onSubmit={() => {
            void act({ do: 'drain', within: seconds * 1_000 });
          }}
        >
          <h2 id="drain-title">Stop this process in good order?</h2>
          <p>
            No new chats are taken. {state.open === 0 ? 'None is open.' : `${state.open} open:`} they may end
            by themselves, and are handed over where the bots can do that. Then the process ends.
          </p>
          <label>
            Seconds that they have
            <input
              type="number"
              min={0}
              max={86_400}
              value={seconds}
              onInput={({ currentTarget }) => setSeconds(Number(currentTarget.value))}
            />
          </label>
          <div class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              Not now
            </button>
            <button type="submit" class="danger">
              Drain
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
