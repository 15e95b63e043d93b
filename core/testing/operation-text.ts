/** An operation as failures name it: `sendMessage {"text":"Hello"}`. */
export function operationText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, chat, ...members } = value as { name?: string; chat?: string };
  const entries = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = entries.length === 0 ? '' : JSON.stringify(Object.fromEntries(entries));
  return `${chat === undefined ? '' : `${chat}: `}${name} ${text}`.trimEnd();
}
