import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { NumberedEvent } from 'usher-bots';

/** A target of analytics that often fails: before it has taken a batch, or after, and often without a word. */
export class DoubtfulTarget {
  /** What it has taken, as often as it came, in order. */
  readonly taken: { readonly key: string; readonly lines: string }[] = [];
  readonly url: string;
  readonly close: () => void;
  /** How often it failed. */
  failures = 0;

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.close = close;
  }

  /** `random`: which of its requests fail, and how. */
  static async opened(random: () => number): Promise<DoubtfulTarget> {
    const server = createServer(async (request, response) => {
      const lines = await text(request).catch(() => undefined);
      // Its sender was killed in the middle of it.
      if (lines === undefined) return;
      const die = (): void => void response.destroy();
      const take = (): void => {
        target.taken.push({ key: String(request.headers['idempotency-key']), lines });
      };
      const lot = random();
      if (lot < 0.15) target.failures += 1;
      if (lot < 0.04) return void response.writeHead(503, { 'retry-after': '0' }).end();
      if (lot < 0.07) return die();
      if (lot >= 0.08) take();
      if (lot < 0.1) return; // Says nothing until the sender gives up; sometimes it has taken it.
      if (lot < 0.15) return die();
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const target = new DoubtfulTarget(`http://127.0.0.1:${port}/events`, () => {
      server.closeAllConnections();
      server.close();
    });
    return target;
  }

  /** What a receiver has that drops the keys that it knows, in order. */
  get events(): NumberedEvent[] {
    const known = new Map<string, string>();
    for (const { key, lines } of this.taken) if (!known.has(key)) known.set(key, lines);
    return [...known.values()].flatMap((lines) =>
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as NumberedEvent),
    );
  }

  /** Keys that came again with something else. */
  get contradictions(): string[] {
    const known = new Map(this.taken.map(({ key, lines }) => [key, lines]));
    return this.taken.filter(({ key, lines }) => known.get(key) !== lines).map(({ key }) => key);
  }
}
