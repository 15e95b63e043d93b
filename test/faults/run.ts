import { play } from './play.ts';
import { type FaultScenario, scenarioOf } from './scenario.ts';
import { until } from './until.ts';

/** Plays the scenarios first…last of a dialect one after the other; a line of JSON for each on stdout. */
const [dialect = 'gws-8.5.0', first = '1', last = first] = process.argv.slice(2);

/** The sockets and timers that live; what belongs to the output does not count. */
const alive = (): string[] =>
  process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|Timeout|Immediate)/.test(name));

for (let seed = Number(first); seed <= Number(last); seed += 1) {
  const began = performance.now();
  let verdict: object;
  try {
    const played = await play(scenarioOf(seed, dialect as FaultScenario['dialect']));
    const released = await until(
      () => alive().every((name) => name === 'Timeout') && alive().length <= 1,
      5_000,
    );
    const left = released ? [] : [`left behind: ${alive().join(', ')}`];
    verdict = { ...played, failures: [...played.failures, ...left] };
  } catch (thrown) {
    verdict = {
      seed,
      failures: [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)],
    };
  }
  process.stdout.write(`${JSON.stringify({ ...verdict, took: Math.round(performance.now() - began) })}\n`);
}
