import { z } from 'zod';

/** What a brain's words go through before the customer gets them. */
export const outgoingOptions = z.strictObject({
  /** Hosts that links may lead to, subdomains included. Default: none. */
  linksTo: z.array(z.string().min(1)).default([]),
  /** Words that never go out, for instance names of projects. Default: none. */
  withheld: z.array(z.string().min(1)).default([]),
  /** Characters that a reply has at most; the rest is cut off at a sentence. Default: 1,000. */
  longest: z.number().int().positive().default(1_000),
});

export type Outgoing = z.output<typeof outgoingOptions>;

const link = /\b(?:https?:\/\/|www\.)[^\s<>"')\]]+/gi;
/** Keys of services, bearer tokens, and what is as long and as mixed as a key. */
const secrets = [
  /\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA)[-_]?[A-Za-z0-9_-]{16,}/g,
  /\bBearer\s+[A-Za-z0-9._~+/-]{12,}=*/gi,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?/g,
  /\b(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{32,}\b/g,
];
/** What steers terminals and the direction of writing; all but tab and line feed. */
const controls = /(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A brain's words as the customer may see them. */
export function presentable(text: string, { linksTo, withheld, longest }: Outgoing): string {
  const clean = secrets.reduce(
    (rest, secret) => rest.replace(secret, '…'),
    text
      .replaceAll('\r\n', '\n')
      .replace(controls, '')
      .replace(link, (address) => (leadsTo(address, linksTo) ? address : '…')),
  );
  const discreet = withheld.reduce((rest, word) => rest.replaceAll(word, '…'), clean);
  return shortened(discreet.trim(), longest);
}

/** What the customer, or a tool, has said, as a brain may see it: words, and not too many of them. */
export function harmless(text: string, longest = 2_000): string {
  return text.replace(controls, ' ').slice(0, longest);
}

function leadsTo(address: string, hosts: readonly string[]): boolean {
  try {
    const { hostname } = new URL(address.startsWith('www.') ? `https://${address}` : address);
    return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
  } catch {
    return false;
  }
}

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest);
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('! '), cut.lastIndexOf('? '));
  return end > longest / 2 ? cut.slice(0, end + 1) : `${cut.slice(0, -1)}…`;
}
