import { agentsFrom, defineBot, defineConfig, definePlugin } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { webConsole } from 'usher-bots/plugins/console';
import { greeter } from 'usher-bots/plugins/greeter';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';

export interface FleetPlaces {
  /** Of the contact centre. */
  readonly url: string;
  /** What the workers share: the URL of a database, or a file. */
  readonly store: string;
  /** The file of the agents. */
  readonly agents: string;
  /** Whoever has it may act in the consoles. */
  readonly token: string;
}

/** Answers each line of the customer by its own words, so that the transcript tells what was answered how often. */
const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});

/** What the workers of the demo run: a config like any other. */
export const fleetConfig = ({ url, store, agents, token }: FleetPlaces) =>
  defineConfig({
    server: { url, proxy: false },
    store,
    fleet: {},
    plugins: [webConsole({ token })],
    agents: agentsFrom({
      file: agents,
      bots: () =>
        defineBot({
          name: 'echo',
          plugins: [
            autoAccept(),
            greeter({ text: 'Hello {FirstName}!' }),
            echo(),
            wrapUp(),
            typing({ charactersPerSecond: 60, minimum: 100, maximum: 400 }),
          ],
        }),
    }),
  });
