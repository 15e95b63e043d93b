import { notice } from '../session.ts';

/** What came of the last action, also for those who hear the page. */
export function Notice() {
  const told = notice.value;
  return (
    <div class="notice" role="status" aria-live="polite">
      {told !== undefined && <p class={told.ok ? 'notice-good' : 'notice-bad'}>{told.text}</p>}
    </div>
  );
}
