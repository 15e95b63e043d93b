import type { Bot } from '../../bot/define-bot.ts';
import { asUsherError } from '../../errors.ts';
import type { Interaction } from '../../ports.ts';
import { Shadow, type ShadowOptions } from './shadow.ts';

/** The shadow bots of a seat. One that cannot even be made is told, and missing; it harms nobody. */
export class Shadows {
  readonly #shadows: readonly Shadow[];

  constructor(bots: readonly Bot[], options: Omit<ShadowOptions, 'bot'>) {
    const { agent, services } = options;
    this.#shadows = bots.flatMap((bot) => {
      try {
        return [new Shadow({ ...options, bot })];
      } catch (thrown) {
        const { code, message, cause } = asUsherError(thrown);
        services.journal.record(agent.username, {
          kind: 'problem',
          code,
          message: `shadow ${bot.name}: ${message}`,
          cause,
        });
        return [];
      }
    });
  }

  take(interaction: Interaction): void {
    for (const shadow of this.#shadows) shadow.take(interaction);
  }

  stop(): void {
    for (const shadow of this.#shadows) shadow.stop();
  }

  async close(): Promise<void> {
    await Promise.all(this.#shadows.map((shadow) => shadow.close()));
  }
}
