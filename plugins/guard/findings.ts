/** What must not leave, by kind. */
export type FindingKind = 'card' | 'iban' | 'email' | 'phone' | 'secret' | 'listed';

export const findingKinds = [
  'card',
  'iban',
  'email',
  'phone',
  'secret',
  'listed',
] as const satisfies FindingKind[];

interface Pattern {
  readonly kind: FindingKind;
  readonly pattern: RegExp;
  readonly isIt: (text: string) => boolean;
}

const patterns: readonly Pattern[] = [
  {
    kind: 'secret',
    pattern: /\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA)[-_]?[A-Za-z0-9_-]{16,}/g,
    isIt: () => true,
  },
  {
    kind: 'secret',
    pattern: /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?/g,
    isIt: () => true,
  },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, isIt: isIban },
  { kind: 'card', pattern: /\b\d(?:[ -]?\d){11,18}\b/g, isIt: isCard },
  { kind: 'email', pattern: /\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, isIt: () => true },
  { kind: 'phone', pattern: /(?<![\w])(?:\+|00)[1-9](?:[ ()/.-]?\d){7,13}\b/g, isIt: () => true },
];

/** A text with what was found in it taken out by `mask`, and the kinds of it. */
export function masked(
  text: string,
  kinds: ReadonlySet<FindingKind>,
  listed: readonly string[],
  mask: (kind: FindingKind) => string,
): { readonly text: string; readonly found: ReadonlySet<FindingKind> } {
  const found = new Set<FindingKind>();
  const take = (kind: FindingKind): string => {
    found.add(kind);
    return mask(kind);
  };
  let rest = text;
  for (const word of kinds.has('listed') ? listed : []) {
    rest = rest.replaceAll(new RegExp(escaped(word), 'gi'), () => take('listed'));
  }
  for (const { kind, pattern, isIt } of patterns) {
    if (kinds.has(kind)) rest = rest.replace(pattern, (one) => (isIt(one) ? take(kind) : one));
  }
  return { text: rest, found };
}

/** ISO/IEC 7812: the last digit checks the others (Luhn). */
export function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = at % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the number, rearranged and read as digits, is 1 modulo 97. */
export function isIban(text: string): boolean {
  const compact = text.replace(/\s/g, '');
  if (compact.length < 15 || compact.length > 34) return false;
  const digits = `${compact.slice(4)}${compact.slice(0, 4)}`.replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
