import type { Fault } from '../server/faults.ts';
import { demandSame, Play, play, quiet, type Subject, usual } from './play.ts';

/** What must not change what a plugin does. */
export const steadinessChecks: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
  'does the same when notifications come twice': under('duplicate'),
  'does the same when lines overtake each other': under('reorder'),
  'does the same when notifications are late': under('delay'),
  'does the same when the transcript leaves numbers out': under('gap'),
  'does the same when answers come late': under('lateReply'),
  'does nothing twice when answers are lost': under('lostReply'),

  'does nothing twice when the server tells everything again': async (subject) => {
    const wanted = await usual(subject);
    await play(subject, async (scene) => {
      const mia = await scene.greeted();
      await again(scene);
      await scene.saysAll(mia);
      await again(scene);
      demandSame(scene.doneIn(mia), wanted, 'when the server tells everything again,', scene);
    });
  },

  'does the same when the connection is lost in between': async (subject) => {
    const wanted = await usual(subject);
    await play(subject, async (scene) => {
      const mia = await scene.greeted();
      const [first, ...rest] = subject.lines;
      scene.begin('offline');
      if (first !== undefined) mia.says(...[first, ...rest.slice(0, 1)]);
      await scene.time.advance(quiet);
      scene.end('offline');
      await scene.time.advance(quiet);
      for (const line of subject.lines.slice(2)) {
        if (mia.chat?.isOver) break;
        mia.says(line);
        await scene.time.advance(quiet);
      }
      demandSame(scene.doneIn(mia), wanted, 'when the connection is lost,', scene);
    });
  },

  'does nothing again in a process that takes the chat over': (subject) =>
    play(subject, async (scene) => {
      const mia = await scene.greeted();
      await scene.saysAll(mia);
      const before = scene.doneIn(mia);
      const { stored, server } = scene.stage;
      scene.stage.kill();
      const next = new Play(scene.time, subject, { stored, server });
      try {
        await next.stage.takeUp();
        await next.time.advance(quiet);
        demandSame([...before, ...next.doneIn(mia)], before, 'in a process that took the chat over,', next);
      } finally {
        next.stage.kill();
      }
    }),

  'answers nothing of a chat that it finds open': (subject) =>
    play(subject, async (scene) => {
      const mia = await scene.greeted();
      await scene.saysAll(mia);
      const { server } = scene.stage;
      scene.stage.kill();
      const next = new Play(scene.time, subject, { server });
      try {
        await next.stage.takeUp();
        await next.time.advance(quiet);
        demandSame(next.doneIn(mia), [], 'in a chat that it found open, and that nobody remembered,', next);
      } finally {
        next.stage.kill();
      }
    }),
};

function under(fault: Fault): (subject: Subject) => Promise<void> {
  return async (subject) => {
    const wanted = await usual(subject);
    await play(subject, async (scene) => {
      scene.begin(fault);
      const mia = await scene.greeted();
      await scene.saysAll(mia);
      demandSame(scene.doneIn(mia), wanted, `under the fault ${fault}`, scene);
    });
  };
}

/** Everything the server knows of its chats, once more. */
async function again(scene: Play): Promise<void> {
  for (const chat of scene.stage.server.chats) chat.tellAgain();
  await scene.time.advance(quiet);
}
