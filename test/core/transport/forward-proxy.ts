import { onTestFinished } from 'vitest';
import { readFixture } from './local-server.ts';
import { type ProxyServerOptions, startProxy } from './proxy-server.ts';

export interface ProxyOptions extends Omit<ProxyServerOptions, 'tls'> {
  /** Speaks TLS itself, with the certificate of the test authority. */
  readonly tls?: boolean;
}

/** A proxy that is closed with the test. */
export async function forwardProxy({ tls = false, ...options }: ProxyOptions = {}) {
  const proxy = await startProxy({
    ...options,
    ...(tls && { tls: { key: readFixture('server-key.pem'), cert: readFixture('server.pem') } }),
  });
  onTestFinished(() => proxy.close());
  return proxy;
}
