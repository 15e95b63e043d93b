import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CentreNews, CentreWish } from './centre-message.ts';

type Tally = Extract<CentreNews, { kind: 'tally' }>;
type Judgement = Extract<CentreNews, { kind: 'verdict' }>;

/** The contact centre as the demo sees it: a process with the simulator and its customers. */
export class CentreProcess {
  readonly url: Promise<string>;
  readonly #child: ChildProcess;
  readonly #judgement: Promise<Judgement>;
  tally: Omit<Tally, 'kind'> = { open: 0, ended: 0, answers: 0 };

  constructor(usernames: readonly string[], password: string) {
    // Of its own process group, so that a Ctrl-C in the terminal comes to the demo alone.
    const child = fork(fileURLToPath(new URL('./contact-centre.ts', import.meta.url)), {
      env: { ...process.env, USHER_FLEET_AGENTS: JSON.stringify({ usernames, password }) },
      detached: true,
    });
    this.#child = child;
    const listening = Promise.withResolvers<string>();
    const judged = Promise.withResolvers<Judgement>();
    this.url = listening.promise;
    this.#judgement = judged.promise;
    // Somebody may be told later, or not at all.
    this.url.catch(() => undefined);
    this.#judgement.catch(() => undefined);
    child.on('message', (news: CentreNews) => {
      if (news.kind === 'listening') listening.resolve(news.url);
      else if (news.kind === 'tally') this.tally = news;
      else judged.resolve(news);
    });
    child.on('exit', (code, signal) => {
      const error = new Error(`the contact centre ended with ${code ?? signal}`);
      listening.reject(error);
      judged.reject(error);
    });
  }

  /** Lets so many customers in at a time, from now on. */
  open(customers: number): void {
    this.#send({ do: 'open', customers });
  }

  /** Lets the customers that are here finish within so many milliseconds, and reads all transcripts. */
  async close(within: number): Promise<Judgement> {
    this.#send({ do: 'close', within });
    return this.#judgement;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(wish: CentreWish): void {
    if (this.#child.connected) this.#child.send(wish);
  }
}
