import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [key: string, what: string])[] = [
  ['/', 'find a chat'],
  ['↑ ↓', 'the chat before or after, in the list'],
  ['t', 'take the chat over, or give it back'],
  ['r', 'write an answer'],
  ['?', 'these keys'],
];

/** Keys that work everywhere but where one writes; each does what a control with its `data-key` does. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      const writes =
        target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
      if (writes || ctrlKey || metaKey || altKey) return;
      if (key === '?') return dialog.current?.showModal();
      const control = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      if (control === null) return;
      event.preventDefault();
      if (control instanceof HTMLButtonElement) control.click();
      else control.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
