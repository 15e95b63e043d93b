import { randomUUID } from 'node:crypto';
import {
  asyncScheduler,
  filter,
  firstValueFrom,
  map,
  merge,
  of,
  race,
  Subject,
  Subscription,
  timer,
} from 'rxjs';
import type { Host } from '../../host.ts';
import type { JournalEntry } from '../../model/journal-entry.ts';
import type { Scenario, Step } from '../../testing/scenarios/scenario.ts';
import type { ColleagueAct, CustomerAct, World } from '../../testing/scenarios/world.ts';
import { BotSide, type Finding } from '../../testing/scene/bot-side.ts';
import { Chronicle, deedText } from '../../testing/scene/chronicle.ts';
import type { Deed, Wanted } from '../../testing/scene/deed.ts';
import { WebChat, type WebChatServer } from '../chat/web-chat.ts';

/** In the user data, by which the chat of a scenario is told from others. */
const markKey = 'UsherScenario';

/** Milliseconds that the agent, or a colleague, may take to come. */
const patience = 30_000;
/** Milliseconds from one look at the customer's chat to the next. */
const rhythm = 100;

/** A scenario over real sockets: the bots run in this process on a server, the customer chats with that over HTTP. */
export class WireWorld implements World {
  readonly #deeds: Deed[] = [];
  readonly #began = asyncScheduler.now();
  readonly #events = new Chronicle(() => asyncScheduler.now() - this.#began);
  readonly #scenario: Scenario;
  readonly #server: WebChatServer;
  readonly #mark = randomUUID();
  readonly #changed = new Subject<void>();
  readonly #listening = new Subscription();
  readonly #problems: string[] = [];
  readonly #bots = new BotSide(
    {
      time: { until: (condition, within) => this.#until(condition, within) },
      chronicle: this.#events,
      deeds: this.#deeds,
      lookedAt: new Set(),
    },
    () => this.#interactionId ?? '',
  );
  #interactionId: string | undefined;
  #hasColleague = false;
  #chat: WebChat | undefined;

  /** Why a scenario cannot be played on a server; `undefined` if it can. */
  static obstacle({ at, steps }: Scenario): string | undefined {
    if (at !== undefined) return 'a server has its own time';
    return steps.map(obstacleIn).find((obstacle) => obstacle !== undefined);
  }

  constructor(host: Host, server: WebChatServer, scenario: Scenario) {
    this.#server = server;
    this.#scenario = scenario;
    this.#listening.add(
      host.journal$.subscribe((entry) => {
        this.#take(entry);
        this.#changed.next();
      }),
    );
  }

  get chronicle(): string {
    return this.#events.text;
  }

  get problems(): readonly string[] {
    return this.#problems;
  }

  async invite({ saying = [] }: Parameters<World['invite']>[0]): Promise<void> {
    const { name, userData } = this.#scenario.customer;
    this.#events.tell(name, 'joins');
    this.#chat = await WebChat.request(this.#server, {
      nickname: name,
      userData: { ...userData, [markKey]: this.#mark },
    });
    for (const text of saying) await this.#say(text);
    await this.#until(() => this.#interactionId !== undefined, patience);
    if (this.#interactionId === undefined) throw new Error('the chat was not offered to the agent');
  }

  async customer(act: CustomerAct): Promise<void> {
    const { name } = this.#scenario.customer;
    await this.#whenHeard();
    if (act === 'leaves') {
      this.#events.tell(name, 'leaves');
      await this.#chat?.leave();
      this.#chat = undefined;
    } else if ('says' in act) {
      for (const text of act.says) await this.#say(text);
    } else {
      this.#events.tell(name, act.types ? 'types …' : 'stops typing');
      await this.#chat?.type(act.types);
    }
  }

  async colleague(_accepts: ColleagueAct): Promise<void> {
    await this.#until(() => this.#hasColleague, patience);
    if (!this.#hasColleague) throw new Error('no colleague came');
  }

  begin(): Promise<void> {
    return Promise.reject(new Error(faultless));
  }

  end(): Promise<void> {
    return Promise.reject(new Error(faultless));
  }

  async wait(milliseconds: number): Promise<void> {
    await this.#until(() => false, milliseconds);
  }

  does(wanted: Wanted, within: number): Promise<Finding> {
    return this.#bots.does(wanted, { within });
  }

  isSilent(milliseconds: number): Promise<Finding> {
    return this.#bots.isSilent(milliseconds);
  }

  async close(): Promise<void> {
    this.#listening.unsubscribe();
    // The chat may have ended from the other side.
    await this.#chat?.leave().catch(() => undefined);
  }

  async #say(text: string): Promise<void> {
    this.#events.tell(this.#scenario.customer.name, JSON.stringify(text));
    await this.#chat?.say(text);
  }

  /** What is said before the agent is there would be history. */
  async #whenHeard(): Promise<void> {
    const end = asyncScheduler.now() + patience;
    while ((await this.#chat?.state()) === 'WaitingForAgent') {
      if (asyncScheduler.now() > end) throw new Error('no agent came');
      await firstValueFrom(timer(rhythm));
    }
  }

  #take(entry: JournalEntry): void {
    if (entry.kind === 'interaction-began' && entry.userData[markKey] === this.#mark)
      this.#interactionId = entry.interactionId;
    if (this.#interactionId === undefined) return;
    if (entry.kind === 'outcome') this.#takeOutcome(entry);
    if (entry.kind === 'problem' && entry.interactionId === this.#interactionId) {
      // A server may have its moods; what counts is what the plugins do.
      if (entry.plugin !== undefined) this.#problems.push(entry.code);
      this.#events.tell('problem', `${entry.code}: ${entry.message}`);
    }
    if (entry.kind === 'notification') this.#lookForColleague(entry);
  }

  #takeOutcome({ agent, outcome, at }: Extract<JournalEntry, { kind: 'outcome' }>): void {
    const { operation, kind, reason } = outcome;
    if (operation.interactionId !== this.#interactionId) return;
    const note = kind === 'sent' ? operation.plugin : `${operation.plugin}, ${kind}: ${reason}`;
    this.#events.tell(agent, deedText(operation), note);
    if (kind === 'sent') this.#deeds.push({ at: at - this.#began, operation });
  }

  #lookForColleague({ notification }: Extract<JournalEntry, { kind: 'notification' }>): void {
    if (notification.kind !== 'interaction' || notification.interactionId !== this.#interactionId) return;
    const agents = notification.update.participants?.filter(({ type }) => type === 'Agent') ?? [];
    this.#hasColleague ||= new Set(agents.map(({ nickname }) => nickname)).size > 1;
  }

  #until(condition: () => boolean, within: number): Promise<boolean> {
    const met$ = merge(of(undefined), this.#changed).pipe(
      filter(condition),
      map(() => true),
    );
    return firstValueFrom(race(met$, timer(within).pipe(map(condition))));
  }
}

const faultless = 'faults are for scenarios that are played without --url';

function obstacleIn(step: Step): string | undefined {
  if (step === 'invite') return undefined;
  if ('fault' in step) return faultless;
  if ('colleague' in step && step.colleague !== 'accepts')
    return 'the colleagues of a server act by themselves';
  if ('invite' in step && (step.invite.kind ?? 'inbound') !== 'inbound')
    return `customers begin no interaction of the kind ${step.invite.kind}`;
  return undefined;
}
