/** Flags that cannot be taken. */
export class Usage extends Error {}

/** @throws Usage with what is wrong with the flags, as `parseArgs` tells. */
export function parsed<Values>(parse: () => Values): Values {
  try {
    return parse();
  } catch (thrown) {
    throw new Usage(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** @throws Usage */
export function whole(text: string, flag: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Usage(`${flag} must be a whole number above 0, not ${text}`);
  return Number(text);
}
