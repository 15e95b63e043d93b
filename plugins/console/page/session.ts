import { signal } from '@preact/signals';
import type { Action, ActionAnswer, AuditRow, SessionInfo } from '../wire.ts';
import { after } from './clock.ts';

/** Who looks at the page; `undefined` while that is asked. */
export const session = signal<SessionInfo | undefined>(undefined);

/** What came of the last action, until it is read. */
export const notice = signal<{ readonly text: string; readonly ok: boolean } | undefined>(undefined);

let forget: () => void = () => undefined;

export function tell(text: string, ok = true): void {
  forget();
  notice.value = { text, ok };
  forget = after(ok ? 4_000 : 9_000, () => {
    notice.value = undefined;
  });
}

/** Asks who we are; again after a moment if nobody answers. */
export async function begin(): Promise<void> {
  try {
    const answer = await fetch('./api/session');
    session.value = (await answer.json()) as SessionInfo;
  } catch {
    after(2_000, () => void begin());
  }
}

/** Returns what is wrong, if anything. */
export async function logIn(token: string, who: string): Promise<string | undefined> {
  const answer = await post('./api/log-in', { token, who });
  if (answer === undefined) return 'The console does not answer.';
  if (answer.status === 429) return 'Too many attempts: wait a minute.';
  const body = (await answer.json()) as SessionInfo | ActionAnswer;
  if ('message' in body) return sentence(body.message);
  session.value = body;
  return undefined;
}

export async function logOut(): Promise<void> {
  await post('./api/log-out', {});
  session.value = undefined;
  await begin();
}

/** Has something done, and tells what came of it. */
export async function act(action: Action, quiet = false): Promise<ActionAnswer> {
  const answer = await post('./api/actions', action);
  const told =
    answer === undefined
      ? { ok: false, message: 'the console does not answer' }
      : ((await answer.json()) as ActionAnswer);
  if (!quiet || !told.ok) tell(sentence(told.message), told.ok);
  if (answer?.status === 401) await begin();
  return told;
}

export async function audit(): Promise<readonly AuditRow[]> {
  const answer = await fetch('./api/audit');
  return answer.ok ? ((await answer.json()) as readonly AuditRow[]) : [];
}

async function post(address: string, body: object): Promise<Response | undefined> {
  try {
    return await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-usher-csrf': session.value?.csrf ?? '' },
      body: JSON.stringify(body),
    });
  } catch {
    return undefined;
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
