import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * What a worker on this host is called in the store: host, process id and, where the system tells, when the process
 * was started, since ids are given again.
 */
export function processName(pid: number = process.pid): string {
  return `${hostname()}:${pid}:${startOf(pid) ?? '-'}`;
}

/** Whether this is the name of a process of this host that is gone. Of another host's nothing is known. */
export function isGone(name: string): boolean {
  const [host, pid, start] = splitName(name);
  if (host !== hostname() || pid === undefined) return false;
  if (!isAlive(pid)) return true;
  const started = startOf(pid);
  return started !== undefined && start !== '-' && started !== start;
}

/** What it is made of; without a process id it is the name of something else. */
export function splitName(name: string): [host: string, pid: number | undefined, start: string] {
  const parts = name.split(':');
  const start = parts.pop() ?? '';
  const pid = Number(parts.pop());
  return [parts.join(':'), Number.isSafeInteger(pid) && pid > 0 ? pid : undefined, start];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    // EPERM: it is there, and somebody else's.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Clock ticks from boot to the start of the process; Linux only. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may hold blanks; the start is the 20th field behind it (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
