import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../debian.ts';

export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of one's own, in a folder, that issues certificates as files. */
export class Authority {
  readonly ca: string;
  readonly #key: string;
  readonly #folder: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.ca = join(folder, `${name}.crt`);
    this.#key = join(folder, `${name}.key`);
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-keyout', this.#key, '-out', this.ca],
    );
  }

  /** @param names As in `DNS:localhost,IP:127.0.0.1`. */
  issue(subject: string, names: string): Issued {
    const path = (ending: string): string => join(this.#folder, `${subject}.${ending}`);
    writeFileSync(path('ext'), `subjectAltName=${names}\n`);
    openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-subj', `/CN=${subject}`, '-keyout', path('key'), '-out', path('csr')],
    );
    openssl(
      ...['x509', '-req', '-in', path('csr'), '-CA', this.ca, '-CAkey', this.#key, '-CAcreateserial'],
      ...['-days', '2', '-extfile', path('ext'), '-out', path('crt')],
    );
    return { cert: path('crt'), key: path('key') };
  }
}

function openssl(...args: readonly string[]): void {
  execFileSync(program('openssl', 'openssl'), args, { stdio: 'pipe' });
}
