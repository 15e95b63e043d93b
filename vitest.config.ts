import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['usher-source'] },
  ssr: { resolve: { conditions: ['usher-source', 'node', 'module-sync'] } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/set-up.ts',
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
