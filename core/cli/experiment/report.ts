import { exitCodes } from '../../errors.ts';
import { reportOf } from '../../experiment/report.ts';
import { withRecords } from './opened.ts';
import { reportText } from './report-text.ts';

export interface ReportFlags {
  readonly config: string;
  readonly json: boolean;
}

/** `usher experiment report`: what the experiments of a config have come to; exit 1 if a split is broken. */
export async function report(key: string | undefined, { config, json }: ReportFlags): Promise<void> {
  await withRecords(config, key, async (experiments, store) => {
    const reports = await Promise.all(experiments.map((one) => reportOf(one, store)));
    process.stdout.write(
      json ? `${JSON.stringify(reports, null, 2)}\n` : `${reports.map(reportText).join('\n\n')}\n`,
    );
    const isBroken = reports.some(({ sampleRatio }) => sampleRatio?.broken === true);
    process.exitCode = isBroken ? exitCodes.failed : exitCodes.ok;
  });
}
