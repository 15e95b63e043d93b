import type { Command } from '../engine/command.ts';
import {
  type AgentEvent,
  type Line,
  type PartSnapshot,
  type Result,
  refused,
  status,
} from '../engine/records.ts';
import type { WireOptions } from '../options.ts';
import { Body } from './body.ts';
import type { Dialect } from './dialect.ts';
import { addressOf, message, resource, resourceInEvent, type Writer } from './resources.ts';

export type ParsedCommand =
  | { readonly ok: true; readonly operationName: string; readonly command: Command; readonly note?: string }
  | { readonly ok: false; readonly operationName: string; readonly result: Result };

/** Says and understands what the engine means, in the words of one dialect. */
export class Wire {
  readonly dialect: Dialect;
  readonly #options: WireOptions;
  readonly #origin: () => string;

  constructor(dialect: Dialect, options: WireOptions, origin: () => string) {
    this.dialect = dialect;
    this.#options = options;
    this.#origin = origin;
  }

  /** Reads the body of an operation. `ringing`: a consultation is running that nobody has joined. */
  parse(members: unknown, ringing: boolean): ParsedCommand {
    const body = new Body(members);
    const operationName = body.text('operationName') ?? '';
    const wrong = (fault: string): ParsedCommand => ({
      ok: false,
      operationName,
      result: refused(status.missingParameter, fault),
    });
    if (operationName === '') return wrong(body.fault(false) ?? 'operationName is missing');
    const { operations } = this.dialect;
    const read = Object.hasOwn(operations, operationName) ? operations[operationName] : undefined;
    const reading = read?.(body, { options: this.#options, ringing });
    if (reading === undefined) return wrong(`operation ${operationName} is not known`);
    const fault = body.fault(this.#options.strict);
    if (fault !== undefined) return wrong(fault);
    if ('missing' in reading) return wrong(`${operationName}: ${reading.missing} is missing`);
    return { ok: true, operationName, ...reading };
  }

  reply(operationName: string, { status: code, message: statusMessage, reference }: Result): object {
    const { answersByStatus, answersWithReference } = this.dialect;
    const { replyKey } = this.#options;
    const special = Object.hasOwn(answersByStatus, operationName)
      ? answersByStatus[operationName]
      : undefined;
    const mixed = special !== undefined && (code === 0 || special.failures) ? 'status' : 'statusCode';
    return {
      [replyKey === 'mixed' ? mixed : replyKey]: code,
      ...(statusMessage !== undefined && { statusMessage }),
      ...(code === 0 && answersWithReference.includes(operationName) && { referenceId: reference }),
    };
  }

  event(event: AgentEvent): Record<string, unknown> {
    if (event.kind === 'lines') {
      return {
        messageType: 'MessageLogUpdated',
        notificationType: 'NewMessages',
        ...this.#nameOf(event.interactionId),
        messages: event.lines.map((line) => this.message(line)),
      };
    }
    const { reference } = event;
    const head = {
      messageType: this.dialect.stateMessage,
      notificationType: notificationTypes[event.kind],
      ...(reference !== undefined && this.dialect.sharedIds && { referenceId: reference }),
      ...(event.kind === 'error' && {
        ...(this.dialect.sharedIds && { errorCode: status.internalError }),
        errorMessage: event.message,
      }),
    };
    const inEvent = resourceInEvent(event, this.#writer);
    const { eventEnvelope } = this.#options;
    return eventEnvelope === 'flat' ? { ...head, ...inEvent } : { ...head, [eventEnvelope]: inEvent };
  }

  /** The interaction as a resource, for snapshots. */
  resource(part: PartSnapshot): Record<string, unknown> {
    return resource(part, this.#writer);
  }

  message(line: Line): object {
    return message(line, this.#writer);
  }

  get #writer(): Writer {
    return { dialect: this.dialect, options: this.#options, origin: this.#origin() };
  }

  /** Which chat a transcript is of; in 8.5.2 only an address tells. */
  #nameOf(interactionId: string): object {
    if (this.dialect.resource === 'interaction') return { interactionId };
    const { uri, path } = addressOf(interactionId, this.#writer);
    return { chatUri: uri, ...(this.#options.chatPath && { chatPath: path }) };
  }
}

const notificationTypes = {
  state: 'StatusChange',
  participants: 'ParticipantsUpdated',
  properties: 'PropertiesUpdated',
  error: 'Error',
} as const;
