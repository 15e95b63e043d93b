import { createInterface, type Interface } from 'node:readline';
import { exhaustMap, filter, firstValueFrom, fromEvent, merge, Subject, takeUntil, timer } from 'rxjs';
import type { UserData } from '../../model/interaction.ts';
import { bold, dim } from '../show/colours.ts';
import { WebChat, type WebChatLine } from './web-chat.ts';

export interface ChatFlags {
  readonly url: string;
  readonly name: string;
  readonly data: UserData;
  readonly wait: number;
  readonly contactCenter?: string;
}

/** Milliseconds from one look at the chat to the next. */
const rhythm = 250;

/**
 * `usher chat`: plays the customer. What is typed is said; the end of the input leaves the chat, and so does Ctrl-C. Where
 * lines are piped in, each waits for an answer to the one before it.
 */
export async function chat({ url, name, data, wait, contactCenter }: ChatFlags): Promise<void> {
  const server = { origin: url, contactCenterId: contactCenter };
  const web = await WebChat.request(server, {
    nickname: name,
    userData: { FirstName: name, ...data },
  });
  const input = createInterface({ input: process.stdin, terminal: false });
  const show = (text: string): void => void process.stdout.write(`${text}\n`);
  show(dim(`${name} waits for an agent; type to chat, Ctrl-D leaves`));
  const over = new Subject<void>();
  const heard = new Subject<WebChatLine>();
  heard.subscribe((line) => {
    const text = shown(line, name);
    if (text !== undefined) show(text);
  });
  const listening = timer(0, rhythm)
    .pipe(
      exhaustMap(async () => {
        for (const line of await web.lines()) heard.next(line);
        return web.state();
      }),
      takeUntil(over),
    )
    .subscribe({
      next: (state) => {
        if (state === 'Completed') over.next();
      },
      error: (thrown) => over.error(thrown),
    });
  try {
    const isOver = firstValueFrom(over, { defaultValue: undefined }).then(() => 'over' as const);
    const outcome = await Promise.race([isOver, converse(web, input, heard, wait)]);
    if (outcome === 'over') show(dim('the chat is over'));
    else await web.leave();
  } finally {
    listening.unsubscribe();
    input.close();
    process.stdin.destroy();
  }
}

/** Says line by line what is put in, until the input ends or is interrupted. */
async function converse(
  web: WebChat,
  input: Interface,
  heard: Subject<WebChatLine>,
  wait: number,
): Promise<'left'> {
  const interrupted = firstValueFrom(merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'))).then(
    () => 'left' as const,
  );
  const talk = async (): Promise<'left'> => {
    const isPiped = !process.stdin.isTTY;
    const answer = (): Promise<unknown> =>
      firstValueFrom(merge(heard.pipe(filter(isAnswer)), timer(wait * 1_000)));
    let answered: Promise<unknown> = isPiped
      ? firstValueFrom(merge(heard, timer(wait * 1_000)))
      : Promise.resolve();
    for await (const line of input) {
      const text = line.trim();
      if (text === '') continue;
      await answered;
      answered = isPiped ? answer() : answered;
      await web.say(text);
    }
    await answered;
    return 'left';
  };
  return Promise.race([interrupted, talk()]);
}

function isAnswer({ type, from }: WebChatLine): boolean {
  return type === 'Text' && from.type === 'Agent';
}

/** What others do, as the customer sees it. */
function shown({ type, text, from: { nickname } }: WebChatLine, self: string): string | undefined {
  if (nickname === self) return undefined;
  switch (type) {
    case 'Text':
      return `${bold(nickname)}: ${text ?? ''}`;
    case 'PushUrl':
      return `${bold(nickname)} sends ${text ?? ''}`;
    case 'ParticipantJoined':
      return dim(`${nickname} joins`);
    case 'ParticipantLeft':
      return dim(`${nickname} leaves`);
    case 'TypingStarted':
      return process.stdout.isTTY ? dim(`${nickname} types …`) : undefined;
    default:
      return undefined;
  }
}
