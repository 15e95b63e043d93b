import type { Operation } from '../../model/operation.ts';
import { demand, type Play, play, quiet, type Subject } from './play.ts';

/** Milliseconds that an invitation is left unanswered. */
const unanswered = 20_000;

/** When a plugin may speak, and when it must stop. */
export const speechChecks: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  'says nothing before the agent is in the chat': (subject) =>
    play({ ...subject, beside: [] }, async (scene) => {
      scene.customer('Mia', { userData: subject.userData }).joins({ saying: subject.lines });
      await scene.time.advance(unanswered);
      const chat = scene.customer('Mia').chat;
      // It may be the plugin itself that accepts.
      if (chat?.hasJoined) return;
      const early = scene.asked.find(({ name }) => name !== 'accept' && name !== 'reject');
      demand(early === undefined, `it asked for ${early?.name} while the chat was only offered`, scene);
    }),

  'answers nothing that was said before the agent came': async (subject) => {
    const unasked = await play(subject, async (scene) => scene.doneIn(await scene.greeted()));
    await play(subject, async (scene) => {
      const mia = scene.customer('Mia', { userData: subject.userData }).joins({ saying: subject.lines });
      await scene.time.advance(quiet);
      const more = scene.doneIn(mia).slice(unasked.length);
      demand(more.length === 0, `it answered history: ${more.join('; ')}`, scene);
    });
  },

  'says nothing once a colleague has the word': (subject) =>
    play(subject, async (scene) => {
      const mia = await scene.greeted();
      if (mia.chat?.isOver) return;
      scene.colleague('Cora').accepts().says('Hello, I am Cora.');
      await scene.time.advance(quiet);
      const before = scene.asked.length;
      await scene.saysAll(mia);
      const said = scene.asked.slice(before).find(isSpeech);
      demand(said === undefined, `it said ${textOf(said)} after a colleague had taken over`, scene);
    }),

  'says nothing once the chat is over': (subject) =>
    play(subject, async (scene) => {
      const mia = await scene.greeted();
      mia.says(...subject.lines);
      const before = scene.asked.length;
      mia.isTakenAway();
      await scene.time.advance(quiet);
      const late = scene.asked.slice(before).find(isSpeech);
      demand(late === undefined, `it said ${textOf(late)} in a chat that was over`, scene);
    }),

  'leaves no sign of typing on': (subject) =>
    play(subject, async (scene) => {
      const mia = await scene.greeted();
      await scene.saysAll(mia);
      demandStopped(scene);
      mia.says(...subject.lines).leaves();
      await scene.time.advance(quiet);
      demandStopped(scene);
    }),
};

function isSpeech({ name }: Operation): boolean {
  return name === 'sendMessage' || name === 'sendUrl';
}

function textOf(operation: Operation | undefined): string {
  return JSON.stringify(operation !== undefined && 'text' in operation ? operation.text : operation?.name);
}

function demandStopped(scene: Play): void {
  const last = scene.deeds.findLast(({ operation }) => operation.name === 'sendTyping');
  const isOn = last?.operation.name === 'sendTyping' && last.operation.typing;
  demand(!isOn, 'a minute later, the customer still sees that somebody is typing', scene);
}
