import { exitCodes } from '../../errors.ts';
import { loadConfig } from '../load-config.ts';
import { readEvaluations } from './evaluation.ts';
import { type Column, evaluationText } from './evaluation-text.ts';
import { runEvaluation } from './run-evaluation.ts';

export interface EvalFlags {
  readonly config: string;
  readonly bot?: string;
  readonly compare?: string;
  readonly parallel: number;
  readonly json: boolean;
}

/** `usher eval`: scripted customers talk to the bots of one config, or of two, one after the other. */
export async function evaluate(files: readonly string[], flags: EvalFlags): Promise<void> {
  const customers = readEvaluations(files);
  const names = [flags.config, ...(flags.compare === undefined ? [] : [flags.compare])];
  const env = flags.bot === undefined ? {} : { USHER_BOT: flags.bot };
  const columns: Column[] = [];
  for (const name of names) {
    const config = await loadConfig(name, env);
    const tell = (done: number): void => progress(`${name}: ${done} of ${customers.length}`);
    const measures = await runEvaluation(config, customers, { parallel: flags.parallel, onProgress: tell });
    columns.push({ name, measures });
  }
  progress('');
  if (flags.json) {
    const told = Object.fromEntries(columns.map(({ name, measures }) => [name, measures]));
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  } else process.stdout.write(`${evaluationText(columns)}\n`);
  const first = columns[0]?.measures;
  process.exitCode = first?.goalsMet === first?.customers ? exitCodes.ok : exitCodes.failed;
}

/** On a terminal only: one line that is written over. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
