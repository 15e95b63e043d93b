import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What does not meet WCAG 2.2 AA, as axe sees it. */
export async function violations(page: Page): Promise<readonly string[]> {
  // By the debugger: the page's policy allows no script but its own.
  await page.evaluate(source);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: rules } });
  const result = await page.evaluate<AxeResult>(`axe.run(document, ${options})`);
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}: ${failureSummary}`),
  );
}
