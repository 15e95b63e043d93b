import type { Playground } from './bot/playground.ts';
import type { StorePlace } from './store/open-store.ts';
import type { Store } from './store/store.ts';

/** What the plugins of the process can do beyond what the host does by itself. */
export interface HostHooks {
  /**
   * Nothing that anybody asks for leaves the process: it reads alone, makes no agent Ready, keeps nothing, and is in no
   * experiment. Default: false.
   */
  readonly isDryRun?: boolean;
  /** The simulated contact centre that the agents sit in. */
  readonly playground?: Playground;
  /**
   * Somebody asks for a stop, a plugin or, through the store, `usher fleet drain`: open chats may take so many
   * milliseconds; absent: as it was started. Default: the host is stopped.
   */
  readonly onStop?: (within?: number) => void;
  /** A plugin has something to tell whoever started the process. Default: it is logged. */
  readonly onTold?: (line: string) => void;
  /** Opens the store of the config. Default: by what it is, a file or a database. */
  readonly openStore?: (place: StorePlace) => Store | Promise<Store>;
}
