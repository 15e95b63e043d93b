import { answeredLine, type JournalEntry, type Operation, type Outcome } from '../../core/index.ts';
import { type Discretion, words } from './discretion.ts';
import type { TimelineRow } from './wire.ts';

type Written = Omit<TimelineRow, 'n' | 'at'>;

/** One entry of the journal as a row of a chat's timeline; `undefined` for what says nothing new. */
export function timelineRow(n: number, entry: JournalEntry, discretion: Discretion): TimelineRow | undefined {
  const written = write(entry, discretion);
  if (written === undefined) return undefined;
  return { n, at: entry.at, ...written, ...(isAboutTyping(entry) && { typing: true }) };
}

function write(entry: JournalEntry, discretion: Discretion): Written | undefined {
  switch (entry.kind) {
    case 'notification':
      return ofNotification(entry.notification, discretion);
    case 'interaction-began': {
      const { bot, type } = entry;
      return plain('began', `${type} chat`, bot === undefined ? 'no bot takes it' : `taken by ${bot}`);
    }
    case 'interaction-ended':
      return plain('ended', 'ended', entry.end.reason);
    case 'operation':
      return {
        kind: 'operation',
        title: `${entry.operation.name} asked for`,
        detail: detailOf(entry.operation, discretion),
        plugin: entry.operation.plugin,
        tone: 'plain',
      };
    case 'outcome':
      return ofOutcome(entry.outcome, entry.took);
    case 'owner': {
      const { owner } = entry;
      const detail = owner.kind === 'human' ? `${owner.name}, by ${owner.by}` : owner.kind;
      return plain('owner', 'the word goes to', detail);
    }
    case 'noted': {
      const facts = Object.entries(entry.facts).map(([key, value]) => `${key} ${value}`);
      return {
        kind: 'noted',
        title: entry.what,
        detail: facts.join(', '),
        plugin: entry.plugin,
        tone: 'plain',
      };
    }
    case 'assigned':
      return plain('experiment', `arm ${entry.arm}`, `${entry.experiment}, by ${entry.reason}`);
    case 'exposed':
      return plain('experiment', `arm ${entry.arm} matters`, entry.experiment);
    case 'shadow-began':
      return plain('shadow', 'shadow began', entry.bot);
    case 'would-have':
      return ofWouldHave(entry, discretion);
    case 'problem': {
      const { code, message, plugin } = entry;
      return { kind: 'problem', title: code, detail: message, tone: 'bad', ...(plugin && { plugin }) };
    }
    default:
      return undefined;
  }
}

function isAboutTyping(entry: JournalEntry): boolean {
  switch (entry.kind) {
    case 'notification': {
      const { notification } = entry;
      return (
        notification.kind === 'transcript' &&
        notification.lines.every(({ type }) => type.startsWith('Typing'))
      );
    }
    case 'operation':
      return entry.operation.name === 'sendTyping';
    case 'outcome':
      return entry.outcome.operation.name === 'sendTyping' && entry.outcome.kind === 'sent';
    default:
      return false;
  }
}

function plain(kind: string, title: string, detail: string): Written {
  return { kind, title, detail, tone: 'plain' };
}

function ofNotification(
  notification: Extract<JournalEntry, { kind: 'notification' }>['notification'],
  discretion: Discretion,
): Written {
  switch (notification.kind) {
    case 'interaction': {
      const { change, update, error } = notification;
      const told = {
        StatusChange: update.state,
        ParticipantsUpdated: update.participants && `${update.participants.length} in the chat`,
        PropertiesUpdated: update.userData && `user data: ${Object.keys(update.userData).join(', ')}`,
        Error: undefined,
      }[change];
      const detail = [told, error].filter((part) => part !== undefined);
      const tone = change === 'Error' ? 'bad' : 'plain';
      return { kind: 'notification', title: change, detail: detail.join(', '), tone };
    }
    case 'transcript': {
      const detail = notification.lines.map(({ index, type, from, text }) => {
        const said = text === '' ? '' : ` “${words(text, discretion)}”`;
        return `${index} ${type} of the ${from.type.toLowerCase()}${said}`;
      });
      return plain('notification', 'TranscriptUpdated', detail.join('; '));
    }
    default:
      return { kind: 'notification', title: notification.kind, detail: '', tone: 'bad' };
  }
}

function detailOf(operation: Operation, discretion: Discretion): string {
  const line = answeredLine(operation);
  const parts = [
    'text' in operation ? `“${words(operation.text, discretion)}”` : undefined,
    'typing' in operation ? (operation.typing ? 'begins' : 'ends') : undefined,
    'to' in operation ? Object.values(operation.to).join() : undefined,
    line === undefined ? undefined : `answers line ${line}`,
    line === undefined && operation.once !== undefined ? `once: ${operation.once}` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function ofWouldHave(
  { operation, bot, withheld }: Extract<JournalEntry, { kind: 'would-have' }>,
  discretion: Discretion,
): Written {
  const why = withheld && [withheld.kind, withheld.reason].filter(Boolean).join(', ');
  const detail = [bot, detailOf(operation, discretion), why].filter(Boolean);
  return {
    kind: 'would-have',
    title: `${operation.name} would ${withheld === undefined ? '' : 'not '}have left`,
    detail: detail.join(', '),
    plugin: operation.plugin,
    tone: 'held',
  };
}

const tones: Readonly<Record<Outcome['kind'], TimelineRow['tone']>> = {
  sent: 'good',
  suppressed: 'held',
  refused: 'bad',
  failed: 'bad',
  unknown: 'bad',
  unsupported: 'bad',
};

function ofOutcome(outcome: Outcome, took: number): Written {
  const { operation, kind, reason, message, attempts, reconciled } = outcome;
  const detail = [
    reason,
    message,
    attempts > 1 ? `${attempts} attempts` : undefined,
    reconciled === true ? 'found out from the transcript' : undefined,
  ].filter((part) => part !== undefined && part !== '');
  return {
    kind: 'outcome',
    title: `${operation.name} ${kind}`,
    detail: detail.join(', '),
    plugin: operation.plugin,
    tone: tones[kind],
    took,
  };
}
