import type { ScenarioResult } from '../../testing/scenarios/play-scenario.ts';
import { bold, dim, green, red, yellow } from '../show/colours.ts';

export type ReporterName = 'pretty' | 'json' | 'junit';

/** Tells how scenarios come out: each as it does, and all at the end. */
export interface Reporter {
  each(result: ScenarioResult): string;
  /** `took`: milliseconds in all. */
  end(results: readonly ScenarioResult[], took: number): string;
}

export const reporters: Readonly<Record<ReporterName, Reporter>> = {
  pretty: {
    each: ({ file, name, passed, skipped, failure, chronicle, took }) => {
      if (skipped !== undefined) return `${yellow('–')} ${name}  ${dim(`${file}, skipped: ${skipped}`)}\n`;
      if (passed) return `${green('✓')} ${name}  ${dim(`${file}, ${Math.round(took)} ms`)}\n`;
      const message = (failure?.message ?? '').replaceAll('\n', '\n    ');
      return `${red('✗')} ${bold(name)}  ${dim(`${file}:${failure?.line ?? 1}`)}\n    ${red(message)}\n\n${chronicle}\n\n`;
    },
    end: (results, took) => {
      const { passed, failed, skipped } = countOf(results);
      const counts = `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
      return `\n${failed === 0 ? green(counts) : red(counts)}  ${dim(`in ${(took / 1_000).toFixed(1)} s`)}\n`;
    },
  },
  json: {
    each: () => '',
    end: (results, took) => {
      return `${JSON.stringify({ ...countOf(results), took, results }, null, 2)}\n`;
    },
  },
  junit: {
    each: () => '',
    end: (results, took) => {
      const { failed, skipped } = countOf(results);
      const cases = results.map(testCase).join('\n');
      const counts = `tests="${results.length}" failures="${failed}" skipped="${skipped}" time="${seconds(took)}"`;
      return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n<testsuite name="usher" ${counts}>\n${cases}\n</testsuite>\n</testsuites>\n`;
    },
  },
};

function countOf(results: readonly ScenarioResult[]): Record<'passed' | 'failed' | 'skipped', number> {
  const failed = results.filter(({ passed }) => !passed).length;
  const skipped = results.filter((result) => result.skipped !== undefined).length;
  return { passed: results.length - failed - skipped, failed, skipped };
}

function testCase({ file, name, skipped, failure, chronicle, took }: ScenarioResult): string {
  const attributes = `classname="${escaped(file)}" name="${escaped(name)}" time="${seconds(took)}"`;
  if (skipped !== undefined)
    return `<testcase ${attributes}><skipped message="${escaped(skipped)}"/></testcase>`;
  if (failure === undefined) return `<testcase ${attributes}/>`;
  const [first = ''] = failure.message.split('\n', 1);
  const body = escaped(`${file}:${failure.line}\n${failure.message}\n\n${chronicle}`);
  return `<testcase ${attributes}><failure message="${escaped(first)}">${body}</failure></testcase>`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3);
}

/** For XML 1.0, which has no way to write most control characters. */
function escaped(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be in it.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}
