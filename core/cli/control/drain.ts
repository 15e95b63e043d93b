import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { exitCodes, UsherError } from '../../errors.ts';
import type { DrainReport } from '../../session/draining.ts';
import { drainText } from '../show/drain-text.ts';
import { controlPath } from './control-path.ts';
import { drainAnswer } from './message.ts';

export interface DrainFlags {
  readonly config: string;
  readonly within?: number;
  readonly json: boolean;
}

/** `usher drain`: has the process that runs a config stop in good order, and waits until it has. */
export async function drain({ config, within, json }: DrainFlags): Promise<void> {
  const report = await asked(config, within, (open) => {
    if (!json) process.stdout.write(`${open} ${open === 1 ? 'chat is' : 'chats are'} open\n`);
  });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `stopped: ${drainText(report)}\n`);
  process.exitCode = report.left > 0 ? exitCodes.failed : exitCodes.ok;
}

function asked(
  config: string,
  within: number | undefined,
  onOpen: (open: number) => void,
): Promise<DrainReport> {
  return new Promise((resolve, reject) => {
    const socket = connect(controlPath(config));
    let report: DrainReport | undefined;
    socket.on('connect', () => {
      const wait = within === undefined ? {} : { within: within * 1_000 };
      socket.write(`${JSON.stringify({ verb: 'drain', ...wait })}\n`);
    });
    socket.on('error', () => reject(new UsherError('USHER_NOT_RUNNING', `no process runs ${config} here`)));
    const lines = createInterface({ input: socket });
    // What the socket fails with comes here as well.
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const answer = drainAnswer.parse(JSON.parse(line));
      if ('open' in answer) onOpen(answer.open);
      else if ('report' in answer) report = answer.report;
      else reject(new UsherError('USHER_USAGE', answer.error));
    });
    socket.on('close', () => {
      if (report !== undefined) resolve(report);
      else
        reject(new UsherError('USHER_NOT_RUNNING', `the process that runs ${config} ended without a report`));
    });
  });
}
