import type {
  Line,
  LineContent,
  LineType,
  ParticipantRecord,
  PartState,
  UserData,
  Visibility,
} from './records.ts';

/** A customer's chat: who is in it, what was said, and which agents have a part in it. */
export class ChatOf<Part extends { readonly state: PartState; readonly parent: unknown }> {
  readonly id: string;
  readonly customer: ParticipantRecord;
  readonly lines: Line[] = [];
  readonly participants: ParticipantRecord[] = [];
  readonly parts: Part[] = [];
  /** The usernames of agents that let an invitation to this chat go; they are asked last. */
  readonly declined = new Set<string>();
  userData: UserData;
  /** The skill an agent must have. */
  skill: string | undefined;
  customerHere = true;
  #lastIndex = 0;

  constructor(id: string, customer: ParticipantRecord, userData: UserData, skill?: string) {
    this.id = id;
    this.customer = customer;
    this.userData = userData;
    this.skill = skill;
  }

  get active(): readonly Part[] {
    return this.parts.filter(({ state }) => state === 'Chatting');
  }

  /** Somebody but a consultant talks with the customer, or is asked to. */
  get attended(): boolean {
    return this.parts.some(
      ({ state, parent }) => (state === 'Chatting' || state === 'Invited') && parent === undefined,
    );
  }

  write(
    type: LineType,
    from: ParticipantRecord,
    at: number,
    { visibility = from.visibility, ...content }: LineContent & { visibility?: Visibility } = {},
  ): Line {
    this.#lastIndex += 1;
    const line: Line = { index: this.#lastIndex, type, from, visibility, at, ...content };
    this.lines.push(line);
    return line;
  }

  /** Lines that nobody here sees have taken the next indexes. */
  skip(indexes: number): void {
    this.#lastIndex += indexes;
  }

  add(participant: ParticipantRecord): void {
    this.participants.push(participant);
  }

  remove(participant: ParticipantRecord | undefined): void {
    const at = participant === undefined ? -1 : this.participants.indexOf(participant);
    if (at >= 0) this.participants.splice(at, 1);
  }
}
