import type { z } from 'zod';
import type { Features } from '../../model/experiment.ts';
import type { Interaction } from '../../ports.ts';
import { type Bot, defineBot } from '../define-bot.ts';
import type { Plugin } from '../plugin.ts';
import type { ArmTag, ExperimentFacts } from './arm-tag.ts';
import { checked, type Exposure } from './definition.ts';
import type { guard, metric } from './metric.ts';

/**
 * What an experiment is, as its author writes it. docs/experiments.md explains each by an example.
 *
 * What its functions throw is told as USHER_EXPERIMENT_FAILED; the chat gets the control and does not count.
 */
export interface ExperimentDefinition<Arms extends Readonly<Record<string, unknown>>> {
  /** Kebab-case, 64 characters at most; names the experiment in the store, in reports and for flag systems. */
  readonly key: string;
  /**
   * What is compared, by names in kebab-case, two at least: texts, options, bots, targets. The first is the control,
   * which everybody else gets. None may be called `holdout`.
   */
  readonly arms: Arms;
  /** How many units an arm gets beside the others, above 0. Default: 1 each. */
  readonly weights?: Partial<Record<keyof Arms & string, number>>;
  /** What the hash is salted with: another salt, another split. Default: the key. */
  readonly salt?: string;
  /**
   * Who is given an arm, and keeps it; `undefined` is the chat. Default: the contact's id in the user data (`ContactId`),
   * else the chat.
   */
  readonly unit?: (interaction: Interaction) => string | undefined;
  /**
   * Which chats take part; the others get the control and do not count. It must not go by anything that an arm changes.
   * Default: what is no consultation.
   */
  readonly eligible?: (interaction: Interaction) => boolean;
  /** The share of units, from 0 to 1, that is kept out of all experiments, to be compared with. Default: 0. */
  readonly holdout?: number;
  /**
   * The part of a layer's units that it takes, from 0 to 1; two experiments of a layer whose parts do not meet never
   * share a unit. Default: all units.
   */
  readonly layer?: { readonly name: string; readonly from: number; readonly to: number };
  /**
   * From when which share of the units, from 0 to 1, takes part: dates (from 00:00 UTC on) or times with their zone, of
   * ISO 8601, going on in time and never down. Default: all, at once.
   */
  readonly ramp?: readonly { readonly from: string; readonly share: number }[];
  /** `false`: everybody gets the control, and nothing is recorded. Default: true. */
  readonly enabled?: boolean;
  /**
   * When an arm first matters to a chat, and the chat is counted: when it `began`, when the agent has `joined`, when the
   * customer has `asked` something, or at a `hand-off`. Default: 'joined'.
   */
  readonly exposure?: Exposure;
  /**
   * What the arms are compared by, the primary one first: the name of a metric that is there (`MetricName`), or
   * `{ name, kind, note, fact, disposition, of, per }` for one of one's own. Default: `answered`.
   */
  readonly metrics?: readonly z.input<typeof metric>[];
  /**
   * What must not get worse: the experiment is stopped when an arm surely has. `{ metric, worse, margin }`, where `worse`
   * is 'higher' or 'lower', and `margin` how much is borne: a difference (0.05 is 5 points of a proportion), of a duration
   * a factor above 1. Default: nothing.
   */
  readonly guards?: readonly z.input<typeof guard>[];
  /**
   * Units of all arms that were planned for, 60 at least, see `usher experiment plan`; the chance of a false alarm, below
   * 0.5; and whether it is judged at any time (`sequential`) or once, when there are so many (`fixed`). Default: 2,000,
   * 0.05, sequential.
   */
  readonly plan?: { readonly units: number; readonly alpha?: number; readonly test?: 'sequential' | 'fixed' };
  /**
   * Gives the better arms more of the units as it learns. `metric` is the one it goes by, a proportion among `metrics`;
   * `floor` the least chance of an arm, 0.5 at most; `updateEvery` the milliseconds from one lesson to the next, with guards a minute
   * at most. Default: no bandit; of one, the primary metric, 0.05, 60,000.
   */
  readonly bandit?: { readonly metric?: string; readonly floor?: number; readonly updateEvery?: number };
  /**
   * What a policy, or a flag system, may go by: plain values by name, kept with each chat. Nothing that names a person.
   * Default: nothing.
   */
  readonly features?: (interaction: Interaction) => Features;
}

/** An experiment whose arms are of one kind: what `experiment` makes, to be put into bots. Plain data beside its two functions. */
export interface Experiment<Value> extends ExperimentFacts {
  /**
   * The plugins of each arm, for the `plugins` of a bot: those of a chat's arm work in it, the others do not. `make` is
   * called once for each arm, with its value and its name; an arm may have several, or none.
   *
   * @example plugins: [autoAccept(), ...greeting.plugins((text) => greeter({ text }))]
   */
  plugins(
    make: (value: Value, arm: string) => Plugin | readonly Plugin[] | false | undefined,
  ): readonly Plugin[];
  /**
   * A bot that is another one in each arm, named as the experiment's key. It takes what the bots of all arms take.
   *
   * @example bots: [brain.bot((bot) => bot)]
   */
  bot(make: (value: Value, arm: string) => Bot): Bot;
}

/**
 * Compares what differs between chats: texts, options of plugins, bots, or whom chats are handed to.
 *
 * @throws UsherError USHER_EXPERIMENT_INVALID with every fault, by its path. That two experiments share a key, or units of
 * a layer, is told by the config (USHER_CONFIG_INVALID).
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
