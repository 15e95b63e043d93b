import { UsherError } from '../errors.ts';
import type { Bot } from './define-bot.ts';

/**
 * One bot of several, by name: for configs that leave the choice to the environment.
 *
 * @throws UsherError USHER_CONFIG_INVALID with the names, when there is none of this name.
 * @example bots: [chooseBot(env.USHER_BOT ?? 'greeter', { greeter: () => autoGreeter(), agent: () => virtualAgent() })]
 */
export function chooseBot(name: string, bots: Readonly<Record<string, () => Bot>>): Bot {
  const make = Object.hasOwn(bots, name) ? bots[name] : undefined;
  if (make !== undefined) return make();
  throw new UsherError(
    'USHER_CONFIG_INVALID',
    `USHER_BOT (--bot) is ${JSON.stringify(name)}, and the bots are: ${Object.keys(bots).join(', ')}`,
  );
}
