import { concatMap, of } from 'rxjs';
import { customerMessages, defineBot, definePlugin, whenState } from 'usher-bots';
import { Runner } from '../../../core/bot/runner.ts';
import { ChainGateway } from '../../../core/gateway/gateway.ts';
import { journalled } from '../../../core/gateway/interceptors/journal.ts';
import { lane } from '../../../core/gateway/interceptors/lane.ts';
import { once } from '../../../core/gateway/interceptors/once.ts';
import { retry } from '../../../core/gateway/interceptors/retry.ts';
import { Settling } from '../../../core/gateway/interceptors/settle.ts';
import type { TranscriptLine } from '../../../core/model/message.ts';
import { prepareBots, rootContainer, sessionContainer } from '../../../core/session/container.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { Interactions } from '../../../core/streams/interactions.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';
import { quietServices } from './quiet-services.ts';

/** Takes chats through everything from the notification to the operation, and prints the bytes each leaves behind. */
const chats = Number(process.argv[2]);

const clock = new RxClock();
const journal = new LiveJournal(clock, silentLog);
const ledger = new SessionLedger();
const interactions = new Interactions(testAgent, () => undefined);
const find = (id: string) => interactions.get(id);
let signals = 0;
const settling = new Settling({ find, ledger, readTranscript: () => of(true), refresh: () => of(true) });
const gateway = new ChainGateway({
  journal: journalled(journal, clock, 'ada'),
  once: once(find, ledger),
  lane: lane(),
  inner: [settling.interceptor, retry()],
  send: (operation) => of({ operation, kind: 'sent', attempts: 1 }),
});
const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    (_message, { operations, signal }) => {
      signals += signal.aborted ? 0 : 1;
      return operations.setInFocus();
    },
});
const greeter = definePlugin({
  name: 'greeter',
  bot:
    () =>
    (interaction, { operations }) =>
      whenState(interaction, 'Chatting').pipe(concatMap(() => operations.setInFocus({ once: 'greeting' }))),
});
const listener = definePlugin({
  name: 'listener',
  bot: () => (interaction) => customerMessages(interaction),
});
const root = rootContainer({ clock, journal, log: silentLog, services: [] });
const bots = prepareBots(sessionContainer(root, gateway, []), [
  defineBot({ name: 'tested', plugins: [greeter(), echo(), listener()] }),
]);
const runner = new Runner(bots, {
  agent: testAgent,
  gateway,
  ledger,
  journal,
  clock,
  log: silentLog,
  ...quietServices(),
});
interactions.opened$.subscribe((interaction) => runner.take(interaction));

function line(
  index: number,
  who: keyof typeof people,
  type: TranscriptLine['type'],
  text = '',
): TranscriptLine {
  return { index, type, from: people[who], text, visibility: 'All' };
}

function chat(id: string): void {
  const change = (state: 'Invited' | 'Chatting' | 'Completed'): void =>
    interactions.apply({ kind: 'interaction', interactionId: id, change: 'StatusChange', update: { state } });
  const lines = (...told: TranscriptLine[]): void =>
    interactions.apply({ kind: 'transcript', interactionId: id, lines: told, problems: [] });
  change('Invited');
  change('Chatting');
  lines(line(1, 'customer', 'ParticipantJoined'), line(2, 'agent', 'ParticipantJoined'));
  for (let index = 3; index < 8; index += 1)
    lines(line(index, 'customer', 'Text', `hello ${index} of ${id}`));
  change('Completed');
}

const collect = globalThis.gc;
if (collect === undefined) throw new Error('run with --expose-gc');
const used = async (): Promise<number> => {
  // What waits for its turn, or for a timer of the settling, is not kept: it goes by itself.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  collect();
  collect();
  return process.memoryUsage().heapUsed;
};
for (let at = 0; at < 2_000; at += 1) chat(`warm ${at}`);
const before = await used();
for (let at = 0; at < chats; at += 1) chat(`chat ${at}`);
const after = await used();
process.stdout.write(
  `${JSON.stringify({ bytes: (after - before) / chats, open: interactions.open.length, signals })}\n`,
);
