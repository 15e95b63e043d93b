/** A text as one word of a POSIX shell, and of fish. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
