import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FaultOptions, faultIssues } from '../../simulator/index.ts';
import { messageOf, UsherError } from '../errors.ts';

export interface FaultFlags {
  /** Each `kind=rate`. */
  readonly fault?: readonly string[];
  /** A file of fault options as JSON. */
  readonly faults?: string;
  readonly seed?: number;
}

/** The faults that the flags ask for: those of the file, then those of `--fault`; the seed is made up where none is given. */
export function faultsOf({ fault = [], faults, seed }: FaultFlags): FaultOptions & { readonly seed: number } {
  const fromFile = faults === undefined ? {} : read(faults);
  const chosen = seed ?? fromFile.seed ?? randomInt(1, 1_000_000);
  return { ...fromFile, ...Object.fromEntries(fault.map(rateOf)), seed: chosen };
}

function rateOf(flag: string): [kind: string, rate: number] {
  const [, kind = '', rate = ''] = /^([^=]+)=(.+)$/.exec(flag) ?? [];
  if (kind === '') throw new UsherError('USHER_USAGE', `--fault ${flag} must look like duplicate=0.05`);
  const number = Number(rate);
  refuse(`--fault ${flag}`, faultIssues({ [kind]: Number.isNaN(number) ? rate : number }));
  return [kind, number];
}

function read(file: string): FaultOptions {
  let options: unknown;
  try {
    options = JSON.parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new UsherError('USHER_USAGE', `--faults ${file} cannot be read: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
  refuse(`--faults ${file}`, faultIssues(options));
  return options as FaultOptions;
}

function refuse(where: string, issues: readonly string[]): void {
  if (issues.length > 0) throw new UsherError('USHER_USAGE', `${where}: ${issues.join('; ')}`);
}
