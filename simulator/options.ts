import type { SimulatorClock } from './clock.ts';
import type { FaultOptions } from './faults/options.ts';

/** How a human colleague behaves who has no client of their own. */
export interface HumanBehaviour {
  /** Milliseconds from an invitation to the answer; 'never' lets it ring out. */
  readonly acceptAfter: number | 'never';
  /** Turns every invitation down. Default: false. */
  readonly refuse?: boolean;
  /** What the colleague says to the customer, one line after the other. Default: nothing. */
  readonly says?: readonly string[];
  /** Milliseconds from the last line until the colleague finishes. Default: when the customer has left. */
  readonly leaveAfter?: number;
}

export interface SimulatedAgent {
  readonly username: string;
  readonly password: string;
  /** The GWS user id. Default: 32 hexadecimal digits made from the username. */
  readonly id?: string;
  /** Default: the username. */
  readonly firstName?: string;
  readonly lastName?: string;
  readonly skills?: readonly string[];
  /** Chats at a time. Default: 1. */
  readonly capacity?: number;
  /** Makes the agent a person at a desk, played by the simulator. */
  readonly human?: HumanBehaviour;
}

/** Which version of GWS is spoken; 8.6 speaks as 8.5.2 does. */
export type DialectName = 'gws-8.5.0' | 'gws-8.5.1' | 'gws-8.5.2';

/** What nobody outside Genesys knows for certain about the wire, or where versions differ. */
export interface WireOptions {
  /** The key of `SendNotification` (8.5.0 page: misspelt). Default: 'notifcation'. */
  readonly notificationKey: 'notifcation' | 'notification' | 'both';
  /** The body that completes a conference (8.5.0 page). Default: 'LeaveChatConsultation'. */
  readonly conferenceOp: 'LeaveChatConsultation' | 'CompleteConference';
  /** `mixed`: `status` for the consultation operations, `statusCode` for the rest (8.5.0 page). Default: 'mixed'. */
  readonly replyKey: 'mixed' | 'statusCode' | 'status';
  /** Where an interaction stands in an event (inference for 8.5.0). Default: 'interaction', in 8.5.2 'chat'. */
  readonly eventEnvelope: 'interaction' | 'flat' | 'chat';
  /** The unit of `timestampSeconds`: milliseconds in 8.5.2, seconds in Workspace 9. Default: 'ms'. */
  readonly timestampUnit: 'ms' | 's';
  /** Participants as in samples of 2014 (type, nickname, participantId) or as in those of 2015. Default: 'full'. */
  readonly participantShape: 'short' | 'full';
  /** Events after the invitation as in the samples of 8.5.2, with what they are about, or complete. Default: 'whole'. */
  readonly eventResource: 'partial' | 'whole';
  /** Transcripts of 8.5.2 tell `chatPath` beside `chatUri` (2015 and later). Default: true. */
  readonly chatPath: boolean;
  /** The kind of a chat tells why it came, or always `Inbound`, the only value in samples. Default: 'reason'. */
  readonly chatType: 'reason' | 'inbound';
  /** Messages repeat the sender's `messageType` (8.5.2, a server option). Default: false. */
  readonly includeMessageType: boolean;
  /** Answers refusals with a fitting HTTP status instead of 200 (inference). Default: false. */
  readonly httpErrorMapping: boolean;
  /** Rejects what the page does not show: other spellings, unknown members. Default: true. */
  readonly strict: boolean;
}

export interface CometdOptions {
  /** Milliseconds that a poll is held. Default: 30,000 (CometD's own default). */
  readonly timeout?: number;
  /** Milliseconds without a poll after which a session is dropped. Default: 10,000 (CometD's own default). */
  readonly maxInterval?: number;
  /** Sessions that one browser cookie may hold. Default: 1 (CometD's own default). */
  readonly maxSessionsPerBrowser?: number;
}

/** One thing that crossed the wire; credentials, cookies and tokens are left out. */
export type WireExchange =
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly url: string;
      readonly request: unknown;
      readonly status: number;
      readonly reply: unknown;
    }
  | { readonly kind: 'bayeux'; readonly direction: 'in' | 'out'; readonly message: unknown };

/** What the simulator did, for people. */
export interface SimulatorLogEntry {
  readonly event: string;
  readonly chat?: string;
  readonly agent?: string;
  readonly detail?: string;
}

export interface SimulatorOptions {
  /** Default: 'gws-8.5.0'. */
  readonly dialect?: DialectName;
  /** Default: '127.0.0.1'. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
  readonly agents?: readonly SimulatedAgent[];
  /** Milliseconds until an unanswered invitation is revoked. Default: 10,000. */
  readonly invitationTimeout?: number;
  /** Requires a CSRF token for everything but GET (8.5.2 "CSRF Protection"). Default: false. */
  readonly csrf?: boolean;
  readonly wire?: Partial<WireOptions>;
  /** What goes wrong by chance. Default: nothing. */
  readonly faults?: FaultOptions;
  readonly cometd?: CometdOptions;
  readonly clock?: SimulatorClock;
  readonly onLog?: (entry: SimulatorLogEntry) => void;
  readonly onExchange?: (exchange: WireExchange) => void;
}

export const wireDefaults: WireOptions = {
  notificationKey: 'notifcation',
  conferenceOp: 'LeaveChatConsultation',
  replyKey: 'mixed',
  eventEnvelope: 'interaction',
  timestampUnit: 'ms',
  participantShape: 'full',
  eventResource: 'whole',
  chatPath: true,
  chatType: 'reason',
  includeMessageType: false,
  httpErrorMapping: false,
  strict: true,
};
