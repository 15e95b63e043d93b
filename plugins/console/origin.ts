import type { FastifyRequest } from 'fastify';

export interface OriginOptions {
  readonly isLoopback: boolean;
  /** The address under which the page is reached through a proxy. */
  readonly publicUrl: string | undefined;
}

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Why a request is not taken: it names a host that is not this one, or comes from a page that is not ours. */
export function originProblem(
  { headers }: Pick<FastifyRequest, 'headers'>,
  { isLoopback, publicUrl }: OriginOptions,
): string | undefined {
  const { host = '', origin } = headers;
  const isPublic = publicUrl !== undefined && new URL(publicUrl).host === host;
  // A page elsewhere may have its name lead here: then the name tells.
  if (isLoopback && !isPublic && !loopbackNames.has(host.replace(/:\d+$/, '')))
    return `the host ${host} is not this machine`;
  if (origin !== undefined && !isOwn(origin, host, publicUrl)) return 'the request comes from another page';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return 'the request comes from another page';
  return undefined;
}

function isOwn(origin: string, host: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host: from, origin: whole } = new URL(origin);
  return from === host || (publicUrl !== undefined && whole === new URL(publicUrl).origin);
}
