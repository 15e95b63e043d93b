import { pino } from 'pino';
import type { Logger } from '../ports.ts';

/** What never stands in a log line, whoever puts it there. */
const secrets = [
  'password',
  'authorization',
  'cookie',
  '*.password',
  '*.authorization',
  '*.cookie',
  '*.headers',
];

/** Structured logs on stderr: pretty on a terminal, else lines of JSON. `LOG_FORMAT` decides otherwise. */
export function createLog(level: string): Logger {
  const format = process.env['LOG_FORMAT'];
  const pretty = format === 'pretty' || (format !== 'json' && process.stderr.isTTY);
  const options = { level, base: null, redact: { paths: secrets, censor: '…' } };
  if (!pretty) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { destination: 2, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' },
    },
  });
}
