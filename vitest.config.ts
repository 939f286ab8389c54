import { defineConfig } from 'vitest/config';

/** Tests that know no database of Lucy's run once; everything else runs on SQLite and again on Postgres. */
const engineless = ['test/sandbox/**/*.test.ts', 'test/tidy/**/*.test.ts', 'test/src/core/**/*.test.ts'];

const shared = {
  environment: 'node' as const,
  pool: 'forks' as const,
  testTimeout: 20_000,
  hookTimeout: 30_000,
  // Node's own import, so that a test meets the same interop as the program does.
  experimental: { viteModuleRunner: false, nodeLoader: true },
};

function onEngine(engine: 'sqlite' | 'postgres') {
  return {
    test: {
      ...shared,
      name: engine,
      include: ['test/**/*.test.ts'],
      exclude: [...engineless, 'test/browser/**'],
      globalSetup: [`test/world/${engine}-setup.ts`],
      env: { LUCY_TEST_ENGINE: engine },
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      { test: { ...shared, name: 'plain', include: engineless } },
      onEngine('sqlite'),
      onEngine('postgres'),
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          globalSetup: ['test/world/sqlite-setup.ts'],
          env: { LUCY_TEST_ENGINE: 'sqlite' },
        },
      },
    ],
  },
});
