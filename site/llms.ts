import { sections } from './pages.ts';

/** `llms.txt`: the site for readers that are programs, with a link to the Markdown of each page. */
export function llms(): string {
  const parts = sections.map(({ name, pages }) => {
    const rows = pages.map((page) => `- [${page.name}](${page.path}.md): ${page.about}`);
    return `## ${name}\n\n${rows.join('\n')}\n`;
  });
  return `# Usher

> Bots that take an agent's seat in a Genesys Web Services contact centre, written in TypeScript as plugins over RxJS streams and tested in virtual time. npm package: usher-bots.

Plugins import \`usher-bots\`, \`rxjs\` and \`zod\`; tests import \`usher-bots/testing\`. Operations are cold Observables: nothing is sent until they are subscribed. \`npx usher plugin new NAME\` writes a plugin with its test.

${parts.join('\n')}`;
}
