import { firstValueFrom } from 'rxjs';
import { z } from 'zod';
import type { AgentDesk, HostContext } from '../../core/index.ts';
import type { Action, ActionAnswer } from './wire.ts';

const name = z.string().trim().min(1).max(200);
const text = z.string().trim().min(1).max(4_000);
const chat = { agent: name, interaction: name };

const action = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['take-over', 'give-back']), ...chat }),
  z.strictObject({ do: z.literal('say'), ...chat, text }),
  z.strictObject({ do: z.literal('hand-off'), ...chat, summary: z.string().max(1_000).optional() }),
  z.strictObject({ do: z.enum(['quarantine', 'release']), plugin: name, agent: name.optional() }),
  z.strictObject({
    do: z.enum(['stop-experiment', 'resume-experiment']),
    experiment: name,
    reason: z.string().trim().max(200).optional(),
  }),
  z.strictObject({ do: z.literal('drain-worker'), worker: name }),
  z.strictObject({ do: z.literal('drain'), within: z.number().min(0).max(86_400_000) }),
  z.strictObject({
    do: z.literal('customer-arrives'),
    firstName: name,
    lastName: name.optional(),
    subject: name.optional(),
  }),
  z.strictObject({ do: z.literal('customer-says'), chatId: name, text }),
  z.strictObject({ do: z.literal('customer-types'), chatId: name, typing: z.boolean() }),
  z.strictObject({ do: z.enum(['customer-leaves', 'customer-again']), chatId: name }),
  z.strictObject({ do: z.literal('fault'), fault: name, times: z.number().int().min(1).max(100) }),
]);

/** What is asked for by a request; a text says what is wrong with it. */
export function parseAction(body: unknown): Action | string {
  const parsed = action.safeParse(body);
  if (parsed.success) return parsed.data as Action;
  return parsed.error.issues
    .map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`)
    .join('; ');
}

/** What an action is about, for the audit: nothing that a customer said. */
export function objectOf(asked: Action): string {
  if ('interaction' in asked) return `${asked.agent}/${asked.interaction}`;
  if ('plugin' in asked)
    return asked.agent === undefined ? asked.plugin : `${asked.plugin} of ${asked.agent}`;
  if ('experiment' in asked) return asked.experiment;
  if ('worker' in asked) return asked.worker;
  if ('chatId' in asked) return asked.chatId;
  if (asked.do === 'fault') return `${asked.fault} × ${asked.times}`;
  return asked.do === 'drain' ? `within ${asked.within} ms` : 'the playground';
}

/** Does it, in the name of `who`. */
export async function act(host: HostContext, asked: Action, who: string): Promise<ActionAnswer> {
  switch (asked.do) {
    case 'take-over':
      return withDesk(host, asked.agent, (desk) =>
        told(desk.takeOver(asked.interaction, who), 'you have the word now', notOpen),
      );
    case 'give-back':
      return withDesk(host, asked.agent, (desk) =>
        told(desk.giveBack(asked.interaction), 'the bots have the word again', notOpen),
      );
    case 'say':
      return withDesk(host, asked.agent, (desk) => say(desk, asked.interaction, asked.text));
    case 'hand-off':
      return withDesk(host, asked.agent, (desk) => {
        const request = { reason: 'console', ...(asked.summary && { summary: asked.summary }) };
        const why =
          'no plugin of the bot hands chats over, or the chat is not open: list hand-off in the bot';
        return told(desk.requestHandOff(asked.interaction, request), 'a colleague is asked', why);
      });
    case 'quarantine':
      for (const desk of desksOf(host, asked.agent)) desk.quarantine(asked.plugin, `${who} says so`);
      return told(true, `${asked.plugin} is kept away from the chats`, '');
    case 'release':
      for (const desk of desksOf(host, asked.agent)) desk.release(asked.plugin);
      return told(true, `${asked.plugin} works again`, '');
    case 'stop-experiment':
    case 'resume-experiment':
      return turn(host, asked, who);
    case 'drain':
      host.stop(asked.within);
      return told(true, 'no new chats are taken; the process ends when the open ones have', '');
    case 'drain-worker':
      return drainWorker(host, asked.worker);
    default:
      return play(host, asked);
  }
}

const notOpen = 'the chat is not open any longer';

function told(ok: boolean, well: string, ill: string): ActionAnswer {
  return { ok, message: ok ? well : ill };
}

function desksOf({ agents }: HostContext, username: string | undefined): readonly AgentDesk[] {
  return agents.filter((desk) => username === undefined || desk.username === username);
}

function withDesk(
  host: HostContext,
  username: string,
  run: (desk: AgentDesk) => ActionAnswer | Promise<ActionAnswer>,
): ActionAnswer | Promise<ActionAnswer> {
  const [desk] = desksOf(host, username);
  return desk === undefined ? told(false, '', `there is no agent ${username}`) : run(desk);
}

async function turn(
  { experiments }: HostContext,
  { do: what, experiment, reason }: Extract<Action, { readonly experiment: string }>,
  who: string,
): Promise<ActionAnswer> {
  if (!experiments.keys.includes(experiment)) return told(false, '', `there is no experiment ${experiment}`);
  const stopped = what === 'stop-experiment';
  await experiments.turn(experiment, stopped, `${reason || 'by hand'} (${who})`);
  return told(true, `${experiment} ${stopped ? 'is stopped: new chats get the control' : 'goes on'}`, '');
}

async function drainWorker({ fleet }: HostContext, worker: string): Promise<ActionAnswer> {
  if (fleet === undefined) return told(false, '', 'this process shares its agents with nobody');
  const isThere = await fleet.drain(worker).catch((thrown: unknown) => thrown);
  if (isThere instanceof Error) return told(false, '', `the store does not answer: ${isThere.message}`);
  return told(
    isThere === true,
    'the worker gives its agents to the others, and ends then',
    'the worker is not there any longer',
  );
}

async function say(desk: AgentDesk, interactionId: string, line: string): Promise<ActionAnswer> {
  const interaction = desk.interactions.find(({ id }) => id === interactionId);
  const operations = desk.asHuman(interactionId);
  if (interaction === undefined || operations === undefined) return told(false, '', notOpen);
  if (interaction.now.owner.kind !== 'human') return told(false, '', 'take the chat over first');
  const { kind, reason, message } = await firstValueFrom(operations.sendMessage(line));
  const why = [kind, reason, message].filter((part) => part !== undefined).join(', ');
  return told(kind === 'sent', 'sent', `it was not sent: ${why}`);
}

function play(
  { playground }: HostContext,
  asked: Extract<Action, { do: `customer-${string}` | 'fault' }>,
): ActionAnswer {
  if (playground === undefined) return told(false, '', 'there is no playground: these are real customers');
  const gone = 'the customer is gone';
  switch (asked.do) {
    case 'customer-arrives': {
      const { do: _do, ...arrival } = asked;
      return { ok: true, message: `${arrival.firstName} waits`, chatId: playground.arrive(arrival) };
    }
    case 'customer-says':
      return told(playground.say(asked.chatId, asked.text), 'said', gone);
    case 'customer-types':
      return told(playground.type(asked.chatId, asked.typing), 'shown', gone);
    case 'customer-leaves':
      return told(playground.leave(asked.chatId), 'left', gone);
    case 'customer-again': {
      const chatId = playground.repeat(asked.chatId);
      return chatId === undefined ? told(false, '', gone) : { ok: true, message: 'it begins again', chatId };
    }
    case 'fault':
      return told(
        playground.breakDown(asked.fault, asked.times),
        `${asked.fault} at the next opportunity`,
        `there is no fault ${asked.fault}`,
      );
  }
}
