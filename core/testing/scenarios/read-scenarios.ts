import { UsherError } from '../../errors.ts';
import { readDocuments } from './read-documents.ts';
import { type Scenario, scenarioSchema } from './scenario.ts';

/** A scenario, and where each of its steps stands. */
export interface WrittenScenario {
  readonly file: string;
  readonly scenario: Scenario;
  /** Lines of the steps, from 1 on. */
  readonly lines: readonly number[];
}

/**
 * Reads the scenarios of a YAML file, which `---` separates.
 *
 * @throws UsherError USHER_SCENARIO_BROKEN with every fault by file, line and field.
 */
export function readScenarios(file: string, source: string): readonly WrittenScenario[] {
  const { documents, faults } = readDocuments(file, source, scenarioSchema);
  if (faults.length === 0 && documents.length === 0)
    throw new UsherError('USHER_SCENARIO_BROKEN', `${file}: holds no scenario`);
  if (faults.length > 0) throw new UsherError('USHER_SCENARIO_BROKEN', faults.join('\n'));
  return documents.map(({ data, lineOf }) => ({
    file,
    scenario: data,
    lines: data.steps.map((_step, at) => lineOf(['steps', at])),
  }));
}
