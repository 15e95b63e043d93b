import { demand, demandSame, play, quiet, type Subject, usual } from './play.ts';

/** What chats leave each other, and what they leave behind. */
export const separationChecks: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  'keeps two chats apart': async (subject) => {
    const alone = await usual(subject);
    await play(subject, async (scene) => {
      const one = scene.customer('Mia', { userData: subject.userData }).joins();
      const two = scene.customer('Jonas', { userData: subject.userData }).joins();
      await scene.time.advance(quiet);
      await Promise.all([scene.saysAll(one), scene.saysAll(two)]);
      for (const customer of [one, two])
        demandSame(scene.doneIn(customer), alone, `beside another chat, for ${customer.name},`, scene);
    });
  },

  'stops every timer when the chat is over': (subject) =>
    play(subject, async (scene) => {
      const mia = await scene.greeted();
      await scene.saysAll(mia);
      mia.says(...subject.lines);
      mia.isTakenAway();
      await scene.time.advance(quiet);
      const { timers } = scene.time;
      demand(timers === 0, `${timers} timers are running a minute after the chat was over`, scene);
    }),
};
