import { defer } from 'rxjs';
import type { Interaction } from '../ports.ts';
import { KeptState, noState } from './chat-state.ts';
import { durableTimer } from './durable-timer.ts';
import type { PluginEnvironment, RunningPlugin } from './running-plugin.ts';
import { shielded } from './shield.ts';

/** What a plugin's functions get in one chat, beside their operations. */
export function environmentOf(run: RunningPlugin, interaction: Interaction): PluginEnvironment {
  const { agent, clock, log, ledger, handOffs, words, drain$, journal } = run.services;
  const { name, parts } = run.plugin;
  const { key } = run;
  const onThrow = (thrown: unknown): void => run.fail(interaction, thrown);
  return {
    agent,
    clock,
    log: log.child({ plugin: name, interaction: interaction.id }),
    state:
      parts.state === undefined
        ? noState(name)
        : new KeptState(ledger.of(interaction), key, parts.state, (why) =>
            run.report(
              interaction,
              'USHER_STATE_UNREADABLE',
              `plugin ${name} begins anew on interaction ${interaction.id}: what it kept does not fit: ${why}`,
            ),
          ),
    timer: (timerName, wait) =>
      durableTimer({
        dossier: ledger.of(interaction),
        plugin: key,
        name: timerName,
        wait,
        clock,
        goesOn: () => run.isClosed || run.isRetired || interaction.now.ended,
      }),
    note: (what, facts) =>
      journal.record(agent.username, {
        kind: 'noted',
        interactionId: interaction.id,
        plugin: name,
        what,
        facts,
      }),
    requestHandOff: (request) => {
      if (handOffs.request(interaction, request)) return;
      const text = `plugin ${name} wishes to hand interaction ${interaction.id} over (${request.reason}), and no plugin of the bot does that`;
      run.report(interaction, 'USHER_NO_HAND_OFF', text);
    },
    handOffRequests$: shielded(
      defer(() => handOffs.of(interaction)),
      onThrow,
    ),
    yieldTo: (human) => words.takeOver(interaction, human),
    takeBack: () => words.giveBack(interaction),
    drain$: shielded(drain$, onThrow),
  };
}
