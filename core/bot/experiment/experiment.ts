import type { z } from 'zod';
import type { Features } from '../../model/experiment.ts';
import type { Interaction } from '../../ports.ts';
import { type Bot, defineBot } from '../define-bot.ts';
import type { Plugin } from '../plugin.ts';
import type { ArmTag, ExperimentFacts } from './arm-tag.ts';
import { checked, type Exposure } from './definition.ts';
import type { guard, metric } from './metric.ts';

/** What an experiment is, as its author writes it. docs/experiments.md explains each by an example. */
export interface ExperimentDefinition<Arms extends Readonly<Record<string, unknown>>> {
  /** Kebab-case; names the experiment in the store, in reports and for flag systems. */
  readonly key: string;
  /** What is compared, by name: texts, options, bots, targets. The first is the control, which everybody else gets. */
  readonly arms: Arms;
  /** How many units an arm gets beside the others. Default: 1 each. */
  readonly weights?: Partial<Record<keyof Arms & string, number>>;
  /** What the hash is salted with: another salt, another split. Default: the key. */
  readonly salt?: string;
  /** Who is given an arm, and keeps it. Default: the contact's id in the user data (`ContactId`), else the chat. */
  readonly unit?: (interaction: Interaction) => string | undefined;
  /** Which chats take part. It must not go by anything that an arm changes. Default: what is no consultation. */
  readonly eligible?: (interaction: Interaction) => boolean;
  /** The share of units that are kept out of all experiments, to be compared with. Default: 0. */
  readonly holdout?: number;
  /** The part of a layer's units that it takes; two experiments of a layer never share a unit. Default: all units. */
  readonly layer?: { readonly name: string; readonly from: number; readonly to: number };
  /** From when which share of the units takes part. Default: all, at once. */
  readonly ramp?: readonly { readonly from: string; readonly share: number }[];
  /** `false`: everybody gets the control, and nothing is recorded. Default: true. */
  readonly enabled?: boolean;
  /**
   * When an arm first matters to a chat, and the chat is counted: when it `began`, when the agent has `joined`, when the
   * customer has `asked` something, or at a `hand-off`. Default: 'joined'.
   */
  readonly exposure?: Exposure;
  /** What the arms are compared by, the primary one first. Default: `answered`. */
  readonly metrics?: readonly z.input<typeof metric>[];
  /** What must not get worse: the experiment is stopped when it has. Default: nothing. */
  readonly guards?: readonly z.input<typeof guard>[];
  /**
   * Units of all arms that were planned for, see `usher experiment plan`; the chance of a false alarm; and whether it is
   * judged at any time (`sequential`) or once, when there are so many (`fixed`). Default: 2,000, 0.05, sequential.
   */
  readonly plan?: { readonly units: number; readonly alpha?: number; readonly test?: 'sequential' | 'fixed' };
  /** Gives the better arms more of the units as it learns; `floor` is the least chance of an arm. Default: no. */
  readonly bandit?: { readonly metric?: string; readonly floor?: number; readonly updateEvery?: number };
  /** What a policy may go by, to be kept with each decision: nothing that names a person. Default: nothing. */
  readonly features?: (interaction: Interaction) => Features;
}

/** An experiment whose arms are of one kind. */
export interface Experiment<Value> extends ExperimentFacts {
  /**
   * The plugins of each arm, for the `plugins` of a bot: those of a chat's arm work in it, the others do not. An arm may
   * have none.
   *
   * @example plugins: [autoAccept(), ...greeting.plugins((text) => greeter({ text }))]
   */
  plugins(
    make: (value: Value, arm: string) => Plugin | readonly Plugin[] | false | undefined,
  ): readonly Plugin[];
  /**
   * A bot that is another one in each arm. It takes what the bots of all arms take.
   *
   * @example bots: [brain.bot((bot) => bot)]
   */
  bot(make: (value: Value, arm: string) => Bot): Bot;
}

/**
 * Compares what differs between chats: texts, options of plugins, bots, or whom chats are handed to.
 *
 * @throws UsherError USHER_EXPERIMENT_INVALID
 * @example
 * const greeting = experiment({
 *   key: 'warm-greeting',
 *   arms: { plain: 'Hello!', warm: 'Hi {FirstName}, good to have you here!' },
 *   metrics: ['engaged', 'timeToFirstReply'],
 * });
 */
export function experiment<const Arms extends Readonly<Record<string, unknown>>>(
  written: ExperimentDefinition<Arms>,
): Experiment<Arms[keyof Arms & string]> {
  type Value = Arms[keyof Arms & string];
  const { arms: values, weights, salt, ...rest } = checked(written);
  const arms = Object.keys(values);
  const whole = arms.reduce((sum, arm) => sum + (weights[arm] ?? 1), 0);
  const facts: ExperimentFacts = {
    ...rest,
    kind: 'experiment',
    arms,
    shares: arms.map((arm) => (weights[arm] ?? 1) / whole),
    control: arms[0] as string,
    salt: salt ?? rest.key,
    goal:
      rest.bandit && rest.metrics.find(({ name }) => name === (rest.bandit?.metric ?? rest.metrics[0]?.name)),
  };
  const each = Object.entries(values) as [string, Value][];
  return {
    ...facts,
    plugins: (make) =>
      each.flatMap(([arm, value]) =>
        [make(value, arm)]
          .flat()
          .filter((plugin) => plugin !== false && plugin !== undefined)
          .map((plugin) => tagged(plugin, { experiment: facts, arm })),
      ),
    bot: (make) => {
      const bots = each.map(([arm, value]) => [arm, make(value, arm)] as const);
      return defineBot({
        name: facts.key,
        handles: (interaction) => bots.every(([, bot]) => bot.handles(interaction)),
        plugins: bots.flatMap(([arm, bot]) =>
          bot.plugins.map((plugin) => tagged(plugin, { experiment: facts, arm })),
        ),
      });
    },
  };
}

/** The experiments that decide which of these plugins work in a chat. */
export function experimentsOf(
  plugins: readonly { readonly arms?: readonly ArmTag[] | undefined }[],
): readonly ExperimentFacts[] {
  const all = plugins.flatMap(({ arms = [] }) => arms.map(({ experiment: one }) => one));
  return all.filter((one, at) => all.findIndex(({ key }) => key === one.key) === at);
}

function tagged(plugin: Plugin, tag: ArmTag): Plugin {
  return { ...plugin, arms: [...(plugin.arms ?? []), tag] };
}
