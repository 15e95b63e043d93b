import type { z } from 'zod';
import { UsherError } from './errors.ts';

export function invalid(faults: readonly string[]): UsherError {
  return new UsherError('USHER_CONFIG_INVALID', faults.join('\n'));
}

/** A fault of a schema, by the path of what is wrong. `absent`: variables that the config has read in vain. */
export function describeIssue(issue: z.core.$ZodIssue, absent: readonly string[], prefix = ''): string {
  const path = issue.path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`),
    prefix,
  );
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${path}${path && '.'}${key} is not a known option`).join('\n');
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('undefined')) {
    return `${path || 'the config'} is missing${remedy(String(issue.path.at(-1)), absent)}`;
  }
  const joint = issue.message.startsWith('is ') ? ' ' : ': ';
  return `${path || 'the config'}${joint}${issue.message}`;
}

/** Names the environment variable that the config read in vain and that fits the field by its name. */
export function remedy(field: string, absent: readonly string[]): string {
  const fitting = absent.filter((name) => name.toLowerCase().endsWith(field.toLowerCase()));
  return fitting.length === 0 ? '' : `: set ${fitting.join(' or ')}`;
}

/** Notes which variables were read in vain, and the values of the others. */
export function noting(
  env: Readonly<Record<string, string | undefined>>,
  absent: string[],
  read: string[],
): Readonly<Record<string, string | undefined>> {
  return new Proxy(env, {
    get(target, name) {
      const value = typeof name === 'string' ? target[name] : undefined;
      if (value !== undefined) read.push(value);
      else if (typeof name === 'string' && !absent.includes(name)) absent.push(name);
      return value;
    },
  });
}
