import type { JournalEvent, Log, Operation, Outcome } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { people } from '../../../core/testing/server/people.ts';

const secret = 'my card is 4711';
const operation: Operation = { name: 'sendMessage', text: secret, interactionId: 'I', plugin: 'greeter' };
const outcome = (kind: Outcome['kind']): JournalEvent => ({
  kind: 'outcome',
  outcome: { operation, kind, reason: 'because', attempts: 1 },
  took: 7,
});

function journal() {
  const lines: { level: string; fields: object; message: string }[] = [];
  const at = (level: string) => (fields: object, message: string) => lines.push({ level, fields, message });
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return { lines, tested: new LiveJournal({ now: () => 1_000 }, log) };
}

const everything: readonly JournalEvent[] = [
  { kind: 'session', status: 'ready' },
  { kind: 'session', status: 'recovering', detail: 'the line was cut' },
  {
    kind: 'notification',
    topic: '/v2/me/interactions',
    notification: {
      kind: 'transcript',
      interactionId: 'I',
      lines: [{ index: 1, type: 'Text', from: people.customer, text: secret, visibility: 'All' }],
      problems: [],
    },
  },
  { kind: 'interaction-began', interactionId: 'I', type: 'inbound', userData: { Subject: secret }, bot: 'b' },
  { kind: 'interaction-began', interactionId: 'J', type: 'inbound', userData: { Subject: secret } },
  { kind: 'interaction-ended', interactionId: 'I', end: { reason: 'completed', state: 'Completed' } },
  { kind: 'operation', operation },
  ...(['sent', 'suppressed', 'refused', 'failed', 'unknown', 'unsupported'] as const).map(outcome),
  { kind: 'shadow-began', interactionId: 'I', bot: 'candidate' },
  { kind: 'would-have', interactionId: 'I', bot: 'candidate', operation },
  { kind: 'would-have', interactionId: 'I', operation, withheld: { kind: 'suppressed', reason: 'once' } },
  {
    kind: 'problem',
    code: 'USHER_PLUGIN_FAILED',
    message: 'plugin p failed',
    plugin: 'p',
    interactionId: 'I',
  },
];

describe('the journal', () => {
  it('hands each entry on with its time and its agent', () => {
    const { tested } = journal();
    const entries: unknown[] = [];
    tested.entries$.subscribe((entry) => entries.push(entry));
    tested.record('ada', { kind: 'session', status: 'ready' });
    expect(entries).toEqual([{ kind: 'session', status: 'ready', agent: 'ada', at: 1_000 }]);
  });

  it('keeps nothing for those who come late', () => {
    const { tested } = journal();
    tested.record('ada', { kind: 'session', status: 'ready' });
    const entries: unknown[] = [];
    tested.entries$.subscribe((entry) => entries.push(entry));
    expect(entries).toEqual([]);
  });

  it.each([
    ['refused', 'USHER_OPERATION_REFUSED'],
    ['failed', 'USHER_OPERATION_FAILED'],
    ['unsupported', 'USHER_OPERATION_FAILED'],
    ['unknown', 'USHER_OPERATION_UNKNOWN'],
  ] as const)('counts an operation that is %s', (kind, code) => {
    const { tested, lines } = journal();
    tested.record('ada', outcome(kind));
    tested.record('ada', outcome(kind));
    expect(Object.fromEntries(tested.problems)).toEqual({ [code]: 2 });
    expect(lines[0]).toMatchObject({
      level: 'warn',
      fields: { code, plugin: 'greeter', interaction: 'I', took: 7 },
    });
  });

  it.each(['sent', 'suppressed'] as const)('counts none that is %s', (kind) => {
    const { tested, lines } = journal();
    tested.record('ada', outcome(kind));
    expect(tested.problems.size).toBe(0);
    expect(lines).toMatchObject([{ level: 'info', fields: { outcome: kind, reason: 'because' } }]);
  });

  it('writes a line for every event, and the fix to every problem', () => {
    const { tested, lines } = journal();
    for (const event of everything) tested.record('ada', event);
    expect(lines).toHaveLength(everything.length);
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      fields: { agent: 'ada', code: 'USHER_PLUGIN_FAILED', plugin: 'p', fix: expect.any(String) },
      message: 'plugin p failed',
    });
  });

  it("never writes a customer's words or data", () => {
    const { tested, lines } = journal();
    for (const event of everything) tested.record('ada', event);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it('shows what was thrown at level debug only', () => {
    const { tested, lines } = journal();
    const cause = new Error('deep');
    tested.record('ada', { kind: 'problem', code: 'USHER_PLUGIN_FAILED', message: 'failed', cause });
    expect(lines).toMatchObject([{ level: 'warn' }, { level: 'debug', fields: { err: cause } }]);
    expect(lines[0]?.fields).not.toHaveProperty('err');
  });

  it('has what was said as its length, at level debug only', () => {
    const { tested, lines } = journal();
    const from = { id: '1', type: 'Customer', nickname: 'Mia', visibility: 'All' } as const;
    const line = { index: 4, type: 'Text', from, text: 'My secret', visibility: 'All' } as const;
    const notification = { kind: 'transcript', interactionId: 'J', lines: [line], problems: [] } as const;
    tested.record('ada', { kind: 'notification', topic: '/chats', notification });
    const operation = {
      name: 'sendMessage',
      interactionId: 'J',
      plugin: 'faq',
      text: 'Hush',
      once: 'k',
    } as const;
    tested.record('ada', { kind: 'operation', operation });
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
      [
        'debug',
        {
          agent: 'ada',
          topic: '/chats',
          type: 'transcript',
          interaction: 'J',
          lines: [{ index: 4, type: 'Text', from: 'Customer', text: '(9 characters)' }],
        },
      ],
      [
        'debug',
        {
          agent: 'ada',
          operation: 'sendMessage',
          interaction: 'J',
          plugin: 'faq',
          once: 'k',
          text: '(4 characters)',
        },
      ],
    ]);
  });

  it('says when no bot takes an interaction', () => {
    const { tested, lines } = journal();
    tested.record('ada', { kind: 'interaction-began', interactionId: 'J', type: 'inbound', userData: {} });
    expect(lines[0]?.message).toBe('interaction began; no bot takes it');
  });
});
