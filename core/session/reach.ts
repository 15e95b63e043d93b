import { firstValueFrom, timer } from 'rxjs';
import type { Dialect } from '../dialects/dialect.ts';
import { HttpSession } from '../transport/http-session.ts';
import type { Network } from '../transport/network.ts';
import { Requests } from '../transport/requests.ts';

/** Milliseconds that the server may take to show that it is there. */
const patience = 3_000;

/** Milliseconds from one question to the next, at least. */
const between = 1_000;

/** HTTP: what stands before the server does not reach it either. */
const gateways = new Set([502, 503, 504]);

/** Whether the server can be reached from this process, asked without any login. */
export class Reach {
  readonly #requests: Requests;
  readonly #dialect: Dialect;
  #asking: Promise<void> | undefined;
  #isCutOff = false;

  constructor(origin: string, dialect: Dialect, network: Network) {
    const http = new HttpSession(origin, { username: '', headers: network.headers });
    this.#requests = new Requests(http, network, { basePath: dialect.basePath, timeout: patience });
    this.#dialect = dialect;
  }

  /** Whether it could not be reached when it was last asked. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** Asks, unless that is under way. Any answer will do: the server need not tell its version. */
  ask(): void {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
  }

  /** It is seen by other means that the server is there. */
  settle(): void {
    this.#isCutOff = false;
  }

  async #ask(): Promise<void> {
    const answer = await this.#requests.operate(this.#dialect.session.version);
    this.#isCutOff = answer.kind !== 'answered' || gateways.has(answer.httpStatus);
    await firstValueFrom(timer(between));
  }
}
