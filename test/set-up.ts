import { build } from 'vite';

/** The page of the console is what its sources say now, whoever built it last. */
export async function setup(): Promise<void> {
  await build({ configFile: 'plugins/console/page/vite.config.ts', logLevel: 'error' });
}
