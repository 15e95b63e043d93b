import type { Plugin } from '../bot/plugin.ts';
import { gws850 } from '../dialects/gws-8.5.0.ts';
import { acceptor, type PluginContractOptions } from './plugin-checks/play.ts';
import { separationChecks } from './plugin-checks/separation.ts';
import { speechChecks } from './plugin-checks/speech.ts';
import { steadinessChecks } from './plugin-checks/steadiness.ts';

/** One promise that a plugin can keep. */
export interface PluginCheck {
  /** In the present tense, the plugin being the subject: `leaves no sign of typing on`. */
  readonly promise: string;
  /** Plays chats in virtual time. Rejects with what was found instead, and all that happened. */
  readonly check: () => Promise<void>;
}

/** Lines that most plugins have something to say to. */
const smallTalk = ['Hello', 'I have a question', 'Can you help me?', 'Thank you'];

/**
 * What customers expect of every plugin, whatever it is for. No test runner is needed, and any will do.
 *
 * @throws RangeError when `except` names what is no promise.
 * @example
 * it.each(pluginContract(echo(), { lines: ['Hi', 'Anybody there?'] }))('$promise', ({ check }) => check());
 */
export function pluginContract(plugin: Plugin, options: PluginContractOptions = {}): readonly PluginCheck[] {
  const { except = {} } = options;
  const checks = { ...speechChecks, ...steadinessChecks, ...separationChecks };
  const strange = Object.keys(except).find((promise) => !(promise in checks));
  if (strange !== undefined) {
    throw new RangeError(`except: ${strange} is no promise; they are: ${Object.keys(checks).join('; ')}`);
  }
  const subject = {
    lines: smallTalk,
    userData: {},
    beside: [acceptor()],
    services: [],
    dialect: gws850(),
    ...options,
    plugin,
  };
  return Object.entries(checks)
    .filter(([promise]) => !(promise in except))
    .map(([promise, check]) => ({ promise, check: () => check(subject) }));
}

export type { PluginContractOptions } from './plugin-checks/play.ts';
