import { merge, mergeMap, Subscription, takeUntil, tap } from 'rxjs';
import type { HostContext, Interaction } from '../../core/index.ts';
import { type Chronicle, chatKey } from './chronicle.ts';
import { type Discretion, nameOf, words } from './discretion.ts';
import type { ChatRow } from './wire.ts';

interface Chat {
  readonly interaction: Interaction;
  readonly agent: string;
  readonly began: number;
  bot: string | undefined;
  changed: number;
  lines: number;
  problems: number;
  last: { readonly from: string; readonly role: string; readonly text: string } | undefined;
  waitingSince: number | undefined;
  ended: string | undefined;
  readonly typing: Map<string, { readonly name: string; readonly role: string }>;
}

/** The chats as the page lists them: those that are open, and those that ended lately. */
export class ChatRows {
  readonly #host: HostContext;
  readonly #chats = new Map<string, Chat>();
  readonly #bots = new Map<string, string | undefined>();
  readonly #dirty = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #running = new Subscription();
  readonly #onChange: () => void;

  constructor(host: HostContext, chronicle: Chronicle, onChange: () => void) {
    this.#host = host;
    this.#onChange = onChange;
    const following$ = host.agents$.pipe(
      mergeMap((desk) =>
        desk.interactions$.pipe(mergeMap((interaction) => this.#follow(desk.username, interaction))),
      ),
    );
    this.#running.add(following$.subscribe());
    this.#running.add(
      chronicle.written$.subscribe(({ key, entry }) => {
        const chat = this.#chats.get(key);
        if (entry.kind === 'interaction-began') {
          if (chat === undefined) this.#bots.set(key, entry.bot);
          else chat.bot = entry.bot;
        }
        if (chat === undefined) return;
        if (entry.kind === 'problem') chat.problems += 1;
        if (entry.kind === 'outcome') {
          const { operation, kind } = entry.outcome;
          if (operation.name === 'sendMessage' && kind === 'sent') chat.waitingSince = undefined;
        }
        this.#touch(key, chat);
      }),
    );
    this.#running.add(
      chronicle.forgotten$.subscribe((key) => {
        if (this.#chats.get(key)?.ended === undefined) return;
        this.#chats.delete(key);
        this.#gone.add(key);
      }),
    );
  }

  all(discretion: Discretion): readonly ChatRow[] {
    return [...this.#chats].map(([key, chat]) => row(key, chat, discretion));
  }

  /** What has changed since this was asked last. */
  takeChanges(): {
    readonly rows: readonly ((discretion: Discretion) => ChatRow)[];
    readonly gone: readonly string[];
  } {
    const rows = [...this.#dirty].flatMap((key) => {
      const chat = this.#chats.get(key);
      return chat === undefined ? [] : [(discretion: Discretion) => row(key, chat, discretion)];
    });
    const gone = [...this.#gone].filter((key) => !this.#chats.has(key));
    this.#dirty.clear();
    this.#gone.clear();
    return { rows, gone };
  }

  close(): void {
    this.#running.unsubscribe();
  }

  #follow(agent: string, interaction: Interaction) {
    const key = chatKey(agent, interaction.id);
    const began = this.#host.clock.now();
    const chat: Chat = {
      interaction,
      agent,
      began,
      bot: this.#bots.get(key),
      changed: began,
      lines: 0,
      problems: 0,
      last: undefined,
      waitingSince: undefined,
      ended: undefined,
      typing: new Map(),
    };
    this.#bots.delete(key);
    this.#chats.set(key, chat);
    this.#touch(key, chat);
    const { messages$, typing$, ended$, state$, owner$, participants$, userData$ } = interaction;
    const told$ = merge(
      messages$.pipe(
        tap(({ type, from, text, history, own }) => {
          chat.lines += 1;
          chat.typing.delete(from.nickname);
          if (type !== 'Text') return;
          chat.last = { from: from.nickname, role: from.type, text };
          if (from.type === 'Customer' && !history) chat.waitingSince ??= this.#host.clock.now();
          if (own || (from.type === 'Agent' && !history)) chat.waitingSince = undefined;
        }),
      ),
      typing$.pipe(
        tap(({ from, typing }) => {
          if (typing) chat.typing.set(from.nickname, { name: from.nickname, role: from.type });
          else chat.typing.delete(from.nickname);
        }),
      ),
      state$,
      owner$,
      participants$,
      userData$,
    ).pipe(takeUntil(ended$));
    const over$ = ended$.pipe(
      tap(({ reason }) => {
        chat.ended = reason;
        chat.waitingSince = undefined;
        chat.typing.clear();
      }),
    );
    return merge(told$, over$).pipe(tap(() => this.#touch(key, chat)));
  }

  #touch(key: string, chat: Chat): void {
    if (this.#chats.get(key) !== chat) return;
    chat.changed = this.#host.clock.now();
    this.#dirty.add(key);
    this.#onChange();
  }
}

function row(key: string, chat: Chat, discretion: Discretion): ChatRow {
  const { interaction, agent, bot, began, changed, lines, last, typing, waitingSince, problems, ended } =
    chat;
  const { state, owner, participants, userData } = interaction.now;
  const known = participants.find(({ type }) => type === 'Customer')?.nickname;
  const given = [userData['FirstName'], userData['LastName']].filter(Boolean).join(' ');
  return {
    key,
    agent,
    id: interaction.id,
    customer: nameOf(known ?? (given || 'Customer'), 'Customer', discretion),
    kind: interaction.kind,
    state,
    ...(bot !== undefined && { bot }),
    owner: owner.kind === 'human' ? { kind: 'human', name: owner.name } : { kind: owner.kind },
    began,
    changed,
    lines,
    ...(last && {
      last: { from: nameOf(last.from, last.role, discretion), text: words(last.text, discretion) },
    }),
    typing: [...typing.values()].map(({ name, role }) => nameOf(name, role, discretion)),
    ...(waitingSince !== undefined && owner.kind === 'bot' && { waitingSince }),
    problems,
    ...(ended !== undefined && { ended }),
  };
}
