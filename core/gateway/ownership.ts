import { filter, map, merge, NEVER, type Observable, of, Subject, take, tap } from 'rxjs';
import type { Message } from '../model/message.ts';
import type { Operation, OperationName } from '../model/operation.ts';
import { type Outcome, suppressed } from '../model/outcome.ts';
import { botOwner, type Owner } from '../model/owner.ts';
import { isAgent } from '../model/participant.ts';
import type { Interaction, Interceptor, Ledger, Withdrawal } from '../ports.ts';

/** An interaction whose word can be given to somebody. */
export interface OwnedInteraction extends Interaction {
  give(owner: Owner): void;
}

export interface OwnershipOptions {
  readonly find: (interactionId: string) => OwnedInteraction | undefined;
  readonly ledger: Ledger;
  /** Emits once, when another agent speaks to the customer. */
  readonly colleagueSpeaks: (interaction: Interaction) => Observable<Message>;
  readonly onChange: (interaction: Interaction, owner: Owner) => void;
}

/** In whose name a human's operations go out: nobody else speaks while a human has the word. */
export const humanPlugin = 'human';

const letsGo: ReadonlySet<OperationName> = new Set(['transfer', 'completeTransfer']);

/**
 * Sees to it that only one speaks to the customer. A human takes the word by speaking to the customer, by joining
 * before the customer's eyes, or by taking over; it comes back when the last colleague has left, or when it is given
 * back. Consultations are left alone: there the customer hears nothing.
 */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #given = new Subject<{ readonly to: Interaction; readonly owner: Owner }>();
  /** Chats in which a colleague is asked behind the customer's back: who joins then is not seen. */
  readonly #consulting = new WeakSet<Interaction>();

  constructor(options: OwnershipOptions) {
    this.#options = options;
  }

  /** Follows who comes and goes. */
  watch(interaction: OwnedInteraction): void {
    if (interaction.kind === 'consultation') return;
    const { agent, messages$, participants$, notifications$ } = interaction;
    const joined$ = messages$.pipe(
      filter(({ type, from, own, history, visibility }) => {
        const isColleague = type === 'ParticipantJoined' && from.type === 'Agent' && !own;
        return isColleague && !history && visibility === 'All' && !this.#consulting.has(interaction);
      }),
      map(({ from }) => ({ kind: 'human', name: from.nickname, by: 'joining' }) as const),
    );
    const spoke$ = this.#options
      .colleagueSpeaks(interaction)
      .pipe(map(({ from }) => ({ kind: 'human', name: from.nickname, by: 'speaking' }) as const));
    merge(joined$, spoke$)
      .pipe(filter(() => interaction.now.owner.kind !== 'human'))
      .subscribe((owner) => this.#give(interaction, owner));
    const isAlone$ = participants$.pipe(
      filter((all) => all.some((one) => isAgent(one, agent))),
      filter((all) => !all.some((one) => one.type === 'Agent' && !isAgent(one, agent))),
      filter(() => isThereInPerson(interaction.now.owner)),
    );
    const failed$ = notifications$.pipe(
      filter((notification) => notification.kind === 'interaction' && notification.change === 'Error'),
      filter(() => interaction.now.owner.kind === 'nobody'),
    );
    merge(isAlone$, failed$).subscribe(() => this.#give(interaction, botOwner));
  }

  /** A human has the word from now on, whoever had it. */
  takeOver(interaction: Interaction, name: string): void {
    this.#give(interaction, { kind: 'human', name, by: 'take-over' });
  }

  /** The bots have the word again. */
  giveBack(interaction: Interaction): void {
    if (interaction.now.owner.kind !== 'bot') this.#give(interaction, botOwner);
  }

  /** Takes back what a bot wished to say and has not said yet when somebody else gets the word. */
  readonly withdrawal: Withdrawal = (operation) => {
    const interaction = this.#options.find(operation.interactionId);
    if (interaction === undefined || !reachesCustomer(operation)) return NEVER;
    if (operation.plugin === humanPlugin) return NEVER;
    const { owner: present } = interaction.now;
    if (present.kind !== 'bot') return of(suppressed(operation, 'ownership', whyNot(present)));
    return this.#given.pipe(
      filter(({ to, owner }) => to === interaction && owner.kind !== 'bot'),
      take(1),
      map(({ owner }) => suppressed(operation, 'ownership', whyNot(owner))),
    );
  };

  /** Behind everything that holds an operation: notes what it comes to, and lets nobody part with a word too many. */
  readonly interceptor: Interceptor = (operation, next) => {
    const interaction = this.#options.find(operation.interactionId);
    if (interaction === undefined) return next(operation);
    const { owner } = interaction.now;
    const isMute = owner.kind !== 'bot' && operation.plugin !== humanPlugin;
    return next(isMute ? withoutFarewell(operation) : operation).pipe(
      tap((outcome) => this.#note(interaction, outcome)),
    );
  };

  #note(interaction: OwnedInteraction, { operation, kind }: Outcome): void {
    if (kind !== 'sent' && kind !== 'unknown') return;
    const { name } = operation;
    if (name === 'startConsultation') this.#consulting.add(interaction);
    else if (name === 'completeConference' || name === 'leaveConsultation')
      this.#consulting.delete(interaction);
    if (name === 'completeConference') {
      const { participants } = interaction.now;
      const colleague = participants.find((one) => one.type === 'Agent' && !isAgent(one, interaction.agent));
      if (colleague !== undefined && interaction.now.owner.kind === 'bot')
        this.#give(interaction, { kind: 'human', name: colleague.nickname, by: 'joining' });
    }
    if (letsGo.has(name) && kind === 'sent' && interaction.now.owner.kind === 'bot')
      this.#give(interaction, { kind: 'nobody' });
  }

  #give(interaction: Interaction, owner: Owner): void {
    const { find, ledger, onChange } = this.#options;
    const owned = find(interaction.id);
    if (owned === undefined || owned.now.ended) return;
    ledger.of(owned).setOwner(owner);
    onChange(owned, owner);
    // What waits is taken back for this reason, before the plugins hear of it and stop.
    this.#given.next({ to: owned, owner });
    owned.give(owner);
  }
}

/** A colleague in the chat, who may leave it; who has taken over from outside gives back by saying so. */
function isThereInPerson(owner: Owner): boolean {
  return owner.kind === 'human' && owner.by !== 'take-over';
}

function whyNot(owner: Owner): string {
  return owner.kind === 'human' ? `${owner.name} has the word` : 'the chat is on its way to somebody else';
}

/** Whether the customer would hear or see it. That the typing has stopped may always be told. */
function reachesCustomer(operation: Operation): boolean {
  switch (operation.name) {
    case 'sendMessage':
    case 'sendUrl':
      return true;
    case 'sendTyping':
      return operation.typing;
    case 'sendNotice':
      return operation.audience === 'All';
    default:
      return false;
  }
}

function withoutFarewell(operation: Operation): Operation {
  if (!('farewell' in operation)) return operation;
  const { farewell: _farewell, ...rest } = operation;
  return rest as Operation;
}
