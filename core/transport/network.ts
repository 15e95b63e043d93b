import { Agent, type Dispatcher } from 'undici';

/**
 * The sockets to one server, shared by all agent sessions of a process. Held polls have their own, without a
 * limit: with fewer sockets than sessions, polls would block each other and the operations.
 */
export class Network {
  readonly operations: Dispatcher = new Agent({ connections: 64, keepAliveTimeout: 30_000, bodyTimeout: 0 });
  readonly polls: Dispatcher = new Agent({ keepAliveTimeout: 30_000, headersTimeout: 0, bodyTimeout: 0 });

  async close(): Promise<void> {
    await Promise.all([this.operations.destroy(), this.polls.destroy()]);
  }
}
