import {
  type FaultKind,
  type FaultScope,
  faultKinds,
  faultScopes,
  type Range,
  tunablesOf,
} from './catalogue.ts';

/** What is wrong with fault options from outside, each with its path; empty if nothing is. */
export function faultIssues(options: unknown): string[] {
  if (!isRecord(options)) return ['faults must be an object'];
  return Object.entries(options).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (key === 'seed')
      return Number.isInteger(value) ? [] : [`seed must be a whole number, is ${shown(value)}`];
    if (key === 'scope') return scopeIssues(value);
    if (faultKinds.includes(key as FaultKind)) return kindIssues(key as FaultKind, value);
    return [`${key} is not a kind of fault; the kinds are ${faultKinds.join(', ')}`];
  });
}

function scopeIssues(scope: unknown): string[] {
  if (!Array.isArray(scope)) return [`scope must be a list of ${faultScopes.join(', ')}`];
  return scope.flatMap((one, at) =>
    faultScopes.includes(one as FaultScope)
      ? []
      : [`scope[${at}] must be one of ${faultScopes.join(', ')}, is ${shown(one)}`],
  );
}

function kindIssues(kind: FaultKind, value: unknown): string[] {
  if (!isRecord(value)) return probabilityIssues(kind, value);
  const known = tunablesOf(kind);
  const names = ['rate', ...Object.keys(known)];
  const missing = 'rate' in value ? [] : [`${kind}.rate is missing`];
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, tuned]) => {
      const path = `${kind}.${name}`;
      if (!names.includes(name)) return [`${path} is not known; ${kind} has ${names.join(', ')}`];
      return name === 'rate' || name === 'effect' ? probabilityIssues(path, tuned) : rangeIssues(path, tuned);
    }),
  ];
}

function probabilityIssues(path: string, value: unknown): string[] {
  const fits = typeof value === 'number' && value >= 0 && value <= 1;
  return fits ? [] : [`${path} must be a number from 0 to 1, is ${shown(value)}`];
}

function rangeIssues(path: string, value: unknown): string[] {
  const fits =
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((one) => Number.isInteger(one) && one >= 0) &&
    (value as unknown as Range)[0] <= (value as unknown as Range)[1];
  return fits ? [] : [`${path} must be [lowest, highest] in whole numbers, is ${shown(value)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
