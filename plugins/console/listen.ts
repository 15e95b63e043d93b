import type { FastifyInstance } from 'fastify';
import { UsherError } from '../../core/index.ts';

const usual = 4_600;
const tried = 20;

/**
 * Listens, and tells the address. Where no port is asked for, the usual one or the next that is free.
 *
 * @throws UsherError USHER_PORT when the port that was asked for is taken, or the address is not this machine's.
 */
export async function listen(
  server: FastifyInstance,
  host: string,
  port: number | undefined,
): Promise<string> {
  if (port !== undefined) return attempt(server, host, port);
  for (let next = usual; next < usual + tried; next += 1) {
    try {
      return await attempt(server, host, next);
    } catch (thrown) {
      if (!isTaken(thrown)) throw thrown;
    }
  }
  return attempt(server, host, 0);
}

async function attempt(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? `port ${port} is taken` : message;
    throw new UsherError('USHER_PORT', `the console cannot listen on ${host}: ${why}`, { cause: thrown });
  }
}

function isTaken(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
}
