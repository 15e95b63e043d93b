import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['usher-source'] },
  ssr: { resolve: { conditions: ['usher-source', 'node', 'module-sync'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/set-up.ts',
    // Most of them wait for sockets and processes. The default leaves a machine of two cores with one worker.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
