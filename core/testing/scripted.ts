import type { Plugin } from '../bot/plugin.ts';
import type { BotSide } from './scene/bot-side.ts';
import { Scene, type SceneOptions } from './scene/scene.ts';
import { VirtualTime } from './virtual-time.ts';

export interface ScriptedKit {
  /** The customer of this name; a new one, if there is none yet. */
  readonly customer: Scene['customer'];
  /** A human colleague, whom the bots may ask in. Default: Cora, in the chat of the latest customer. */
  readonly colleague: Scene['colleague'];
  /** The bots in the chat of the latest customer: what expectations are about. */
  readonly bot: BotSide;
  /** Lets time pass: `await after('5s')`. */
  readonly after: Scene['after'];
  /** What may go wrong: `faults.begin('duplicate')`. */
  readonly faults: Pick<Scene, 'begin' | 'end'>;
  /** Problems that the plugins may cause, by code; any other one fails the test. */
  readonly expectProblems: (...codes: readonly string[]) => void;
}

export interface ScriptedOptions extends Pick<SceneOptions, 'services' | 'dialect'> {
  /** What the clock says at the beginning. Default: the beginning of 1970. */
  readonly at?: Date;
}

/**
 * A test told as a story, in virtual time: customers join, say and leave, colleagues accept, time passes, and in
 * between stands what is expected of the bots. Nothing sleeps, nothing goes over a network. Return, or await, what it
 * returns.
 *
 * @throws Error when an expectation does not hold, or a plugin failed unexpectedly.
 * @example
 * it('greets', () =>
 *   scripted([autoAccept(), greeter({ text: 'Hello!' })], async ({ customer, bot }) => {
 *     customer('Mia').joins();
 *     await expect(bot).toSay('Hello!');
 *   }));
 */
export function scripted(
  plugins: Plugin | readonly Plugin[],
  story: (kit: ScriptedKit) => Promise<void> | void,
  { at, ...options }: ScriptedOptions = {},
): Promise<void> {
  return VirtualTime.run(async (time) => {
    const scene = new Scene(time, [plugins].flat(), options);
    const tolerated: string[] = [];
    try {
      await story({
        customer: scene.customer,
        colleague: scene.colleague,
        bot: scene.bot,
        after: scene.after,
        faults: scene,
        expectProblems: (...codes) => void tolerated.push(...codes),
      });
      await time.settle();
    } finally {
      await scene.stage.close();
    }
    const unexpected = scene.problems.filter(({ code }) => !tolerated.includes(code));
    if (unexpected.length > 0) throw new Error(`unexpected problems\n\n${scene.chronicle.text}`);
    const missing = tolerated.filter(
      (code) => !scene.stage.problems.some((problem) => problem.code === code),
    );
    if (missing.length > 0) {
      throw new Error(`expected problems did not occur: ${missing.join(', ')}\n\n${scene.chronicle.text}`);
    }
  }, at?.getTime());
}
