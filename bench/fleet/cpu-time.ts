import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks in a second, as Linux counts CPU (sysconf _SC_CLK_TCK; 100 on every platform that Node runs on). */
const ticks = 100;

interface Stat {
  readonly parent: number;
  /** Seconds, of user and system. */
  readonly cpu: number;
}

function statOf(pid: number | string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may hold blanks; parent, utime and stime are the 2nd, 12th and 13th behind it (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), cpu: (Number(fields[11]) + Number(fields[12])) / ticks };
  } catch {
    return undefined;
  }
}

/** Seconds of CPU of a process and its children so far; not a number where there is no /proc. */
export function cpuTime(pid: number): number {
  const own = statOf(pid);
  if (own === undefined) return Number.NaN;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === pid);
  return children.reduce((sum, stat) => sum + (stat?.cpu ?? 0), own.cpu);
}
