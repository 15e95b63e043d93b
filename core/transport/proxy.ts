type Env = Readonly<Record<string, string | undefined>>;

/** A proxy named by the environment, and where it is named. */
export interface ProxyInEnv {
  readonly variable: string;
  readonly url: string;
}

/**
 * The proxy that the environment names for a server: `HTTPS_PROXY` or `HTTP_PROXY` by the server's scheme, lower
 * case first, as curl reads them. None for the machine itself, and for what `NO_PROXY` lists.
 */
export function proxyInEnv(server: URL, env: Env): ProxyInEnv | undefined {
  const name = server.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const variable = [name, name.toUpperCase()].find((one) => env[one]);
  if (variable === undefined || isLoopback(server.hostname)) return undefined;
  if (isExempt(server, env['no_proxy'] || env['NO_PROXY'] || '')) return undefined;
  const value = env[variable] ?? '';
  return { variable, url: /^[a-z][\w+.-]*:\/\//i.test(value) ? value : `http://${value}` };
}

/** The proxy's address as it may be shown: without credentials. */
export function shownProxy(proxy: string): string {
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** `NO_PROXY` holds hosts, each with its subdomains and perhaps a port, separated by commas or blanks, or `*`. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const actualPort = port || (protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = '', onPort] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*?\./, '')) ?? [];
      const named = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host;
      return (
        (onPort === undefined || onPort === actualPort) &&
        (hostname === named || hostname.endsWith(`.${named}`))
      );
    });
}
