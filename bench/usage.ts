/** Flags that cannot be taken. */
export class Usage extends Error {}

/** @throws Usage */
export function whole(text: string, flag: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Usage(`${flag} must be a whole number above 0, not ${text}`);
  return Number(text);
}
