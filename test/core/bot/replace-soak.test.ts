import { Observable, timer } from 'rxjs';
import { concatMap } from 'rxjs/operators';
import { customerMessages, defineBot, definePlugin, type Plugin, whenState } from 'usher-bots';
import { VirtualTime } from 'usher-bots/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scene } from '../../../core/testing/scene/scene.ts';

const accepting = definePlugin({
  name: 'accepting',
  bot:
    () =>
    (interaction, { operations }) =>
      whenState(interaction, 'Invited').pipe(concatMap(() => operations.accept({ once: 'accept' }))),
});

/** Two plugins, each of which answers its own lines, now at once and now after a while. */
const version = (at: number): readonly Plugin[] => [
  definePlugin({
    name: 'by-line',
    message:
      () =>
      ({ text }, { operations }) =>
        timer((at % 4) * 300).pipe(concatMap(() => operations.sendMessage(`line ${text}`))),
  })(),
  definePlugin({
    name: 'by-stream',
    bot:
      () =>
      (interaction, { operations }) =>
        customerMessages(interaction).pipe(
          concatMap(({ text }) =>
            timer((at % 3) * 200).pipe(concatMap(() => operations.sendMessage(`stream ${text}`))),
          ),
        ),
  })(),
];

/** How many subscriptions are open, of any stream. */
let subscriptions = 0;
const { subscribe } = Observable.prototype;

beforeAll(() => {
  Observable.prototype.subscribe = function counted(
    this: Observable<unknown>,
    ...parameters: Parameters<typeof subscribe>
  ) {
    const subscription = subscribe.apply(this, parameters);
    subscriptions += 1;
    subscription.add(() => {
      subscriptions -= 1;
    });
    return subscription;
  } as typeof subscribe;
});
afterAll(() => {
  Observable.prototype.subscribe = subscribe;
});

describe('plugins that are replaced a hundred times in fifty chats', { timeout: 60_000 }, () => {
  it('lose no line, and leave neither a listener nor a timer behind', () =>
    VirtualTime.run(async (time) => {
      const botOf = (at: number) => defineBot({ name: 'tested', plugins: [accepting(), ...version(at)] });
      const scene = new Scene(time, [], { bots: [botOf(0)] });
      const customers = Array.from({ length: 50 }, (_, at) => scene.customer(`C${at}`).joins());
      await time.advance(60_000);
      const counts: string[] = [];
      for (let swap = 1; swap <= 100; swap += 1) {
        for (const customer of customers) customer.says(`${swap}`);
        // While lines are under way: before, in the middle of, and after what they set off.
        await time.advance((swap % 5) * 150);
        scene.stage.seat.replaceBots([botOf(swap)]);
        if (swap % 10 !== 0) continue;
        await time.advance(120_000);
        // Once more while nothing is under way, so that every successor has begun alike.
        scene.stage.seat.replaceBots([botOf(1_000 + swap)]);
        await time.settle();
        counts.push(`${subscriptions} subscriptions, ${time.timers} timers`);
      }
      expect(counts).toEqual(counts.map(() => counts[0]));
      expect(counts[0]).toMatch(/, 0 timers$/);
      for (const { chatId } of customers) {
        const said = scene.deeds.flatMap(({ operation }) =>
          operation.name === 'sendMessage' && operation.interactionId === chatId ? [operation.text] : [],
        );
        for (const part of ['line', 'stream']) {
          const own = said.filter((text) => text.startsWith(part));
          expect(own).toEqual(Array.from({ length: 100 }, (_, at) => `${part} ${at + 1}`));
        }
      }
      await scene.stage.close();
    }));
});
