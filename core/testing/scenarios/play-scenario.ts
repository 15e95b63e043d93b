import { messageOf } from '../../errors.ts';
import type { OperationName } from '../../model/operation.ts';
import type { Finding } from '../scene/bot-side.ts';
import {
  type Wanted,
  wantedLeave,
  wantedOperation,
  wantedText,
  wantedTransfer,
  wantedTyping,
} from '../scene/deed.ts';
import type { WrittenScenario } from './read-scenarios.ts';
import type { Expectation, Scenario, Step } from './scenario.ts';
import type { World } from './world.ts';

/** How a scenario came out. */
export interface ScenarioResult {
  readonly file: string;
  readonly name: string;
  /** Also when it was skipped. */
  readonly passed: boolean;
  /** Why it could not be played here. */
  readonly skipped?: string | undefined;
  /** What failed, and in which line. */
  readonly failure?: { readonly line: number; readonly message: string } | undefined;
  /** All that happened. */
  readonly chronicle: string;
  /** Milliseconds of real time. */
  readonly took: number;
}

/** Milliseconds that what is expected may take. */
const patience = 10_000;

class Unmet extends Error {}

/** Plays a scenario step by step. Never fails. */
export async function playScenario(
  { file, scenario, lines }: WrittenScenario,
  world: World,
): Promise<Omit<ScenarioResult, 'took'>> {
  let line = 1;
  const result = (message?: string): Omit<ScenarioResult, 'took'> => ({
    file,
    name: scenario.name,
    passed: message === undefined,
    ...(message !== undefined && { failure: { line, message } }),
    chronicle: world.chronicle,
  });
  try {
    for (const [at, step] of scenario.steps.entries()) {
      line = lines[at] ?? line;
      await take(step, world);
    }
    demandKnown(scenario, world);
    return result();
  } catch (thrown) {
    return result(thrown instanceof Unmet ? thrown.message : messageOf(thrown));
  }
}

async function take(step: Step, world: World): Promise<void> {
  if (step === 'invite') return world.invite({});
  if ('invite' in step) return world.invite(step.invite);
  if ('wait' in step) return world.wait(step.wait);
  if ('customer' in step) {
    const { customer } = step;
    if (customer === 'leaves') return world.customer('leaves');
    if (customer === 'types' || customer === 'stops typing')
      return world.customer({ types: customer === 'types' });
    return world.customer(typeof customer === 'string' ? { says: [customer] } : customer);
  }
  if ('colleague' in step) return world.colleague(step.colleague);
  if ('fault' in step)
    return 'begin' in step.fault ? world.begin(step.fault.begin) : world.end(step.fault.end);
  demand(await look(step.expect, world));
}

function look(expectation: Expectation, world: World): Promise<Finding> {
  if ('silence' in expectation) return world.isSilent(expectation.silence);
  return world.does(wantedBy(expectation), expectation.within ?? patience);
}

function wantedBy(expectation: Exclude<Expectation, { silence: number }>): Wanted {
  if ('say' in expectation)
    return wantedText(expectation.say === true ? undefined : pattern(expectation.say));
  if ('typing' in expectation) return wantedTyping(expectation.typing);
  if ('accept' in expectation) return wantedOperation('accept');
  if ('reject' in expectation) return wantedOperation('reject');
  if ('leave' in expectation) return wantedLeave();
  if ('transfer' in expectation)
    return wantedTransfer(expectation.transfer === true ? undefined : expectation.transfer);
  if ('consult' in expectation)
    return wantedOperation(
      'startConsultation',
      expectation.consult === true ? {} : { to: expectation.consult },
    );
  return wantedOperation(expectation.do as OperationName, expectation.with);
}

/** `/text/i` is a pattern, everything else the text itself. */
function pattern(text: string): string | RegExp {
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/.exec(text) ?? [];
  return source === undefined ? text : new RegExp(source, flags);
}

function demand({ met, message }: Finding): void {
  // What happened is told with the result.
  if (!met) throw new Unmet(message.split('\n\n', 1)[0]);
}

function demandKnown({ problems }: Scenario, world: World): void {
  const unexpected = world.problems.find((code) => !problems.includes(code));
  if (unexpected !== undefined) throw new Unmet(`an unexpected problem: ${unexpected}`);
  const missing = problems.find((code) => !world.problems.includes(code));
  if (missing !== undefined) throw new Unmet(`an expected problem did not occur: ${missing}`);
}
