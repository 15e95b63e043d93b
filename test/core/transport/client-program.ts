import { once } from 'node:events';
import { argv, getActiveResourcesInfo, stdin, stdout } from 'node:process';
import { catchError, EMPTY, identity, retry, Subject, tap, timer } from 'rxjs';
import { HttpSession } from '../../../core/transport/http-session.ts';
import { Network } from '../../../core/transport/network.ts';
import { notifications } from '../../../core/transport/notifications.ts';
import type { ClientOptions, Told } from './client-process.ts';

const { origin, transports, maxNetworkDelay, persists }: ClientOptions = JSON.parse(argv[2] ?? '{}');

/** Without the pipes to the test. */
const resources = (): string[] => getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
const tell = (told: Told): void => void stdout.write(`${JSON.stringify(told)}\n`);

const atStart = resources();
const network = new Network({ transports: (transports ?? ['long-polling']) as never });
const running = notifications({
  url: `${origin}/notifications`,
  topics: ['/v2/me/interactions'],
  http: new HttpSession(origin, { username: 'ada', password: 'secret' }),
  network,
  close$: new Subject(),
  ...(maxNetworkDelay !== undefined && { maxNetworkDelay }),
})
  .pipe(
    tap({ error: ({ code }) => tell({ kind: 'error', code }) }),
    persists ? retry({ delay: () => timer(50) }) : identity,
    catchError(() => EMPTY),
  )
  .subscribe(tell);

await once(stdin, 'data');
stdin.destroy();
running.unsubscribe();
await network.close();
// What is on its way to be closed needs a few turns of the event loop.
for (let turn = 0; turn < 200 && resources().length > atStart.length; turn += 1) {
  await new Promise(setImmediate);
}
tell({ kind: 'left', resources: resources().filter((name) => !atStart.includes(name)) });
