import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { interval, map, merge, type Observable } from 'rxjs';

/** Milliseconds from one sign of life to the next: proxies close what is silent. */
const heartbeat = 15_000;
/** Bytes that may wait for a viewer: one who is slower than that is let go, and comes back to a full picture. */
const mostWaiting = 8_000_000;

/** Sends texts as server-sent events until the viewer goes, or there are no more. */
export function sendLive(reply: FastifyReply, texts$: Observable<string>): FastifyReply {
  const stream = new PassThrough({ highWaterMark: mostWaiting });
  const sending = merge(
    texts$.pipe(map((text) => `data: ${text}\n\n`)),
    interval(heartbeat).pipe(map(() => ': still here\n\n')),
  ).subscribe((event) => {
    if (!stream.write(event)) stream.destroy();
  });
  stream.on('close', () => sending.unsubscribe());
  stream.on('error', () => sending.unsubscribe());
  reply.raw.on('close', () => stream.destroy());
  return reply
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .type('text/event-stream')
    .send(stream);
}
