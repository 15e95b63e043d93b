import type { Interaction } from '../ports.ts';
import type { Plugin } from './plugin.ts';

/** A bot: a name, the interactions it takes, and the plugins that do its work. */
export interface Bot {
  readonly kind: 'bot';
  readonly name: string;
  readonly handles: (interaction: Interaction) => boolean;
  readonly plugins: readonly Plugin[];
}

export interface BotDefinition {
  readonly name: string;
  /** Whether the bot takes the interaction. The first bot of the agent that does gets it. Default: every one. */
  readonly handles?: (interaction: Interaction) => boolean;
  /** In this order they see an interaction and stand on the way of its operations; falsy ones are left out. */
  readonly plugins: readonly (Plugin | false | undefined)[];
}

export function defineBot({ name, handles, plugins }: BotDefinition): Bot {
  return {
    kind: 'bot',
    name,
    handles: handles ?? (() => true),
    plugins: plugins.filter((plugin) => plugin !== undefined && plugin !== false),
  };
}
