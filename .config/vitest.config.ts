import { defineConfig } from 'vitest/config';

const shared = {
  // One realm of graphql: vite would take the .mjs while dependencies take the .js.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  oxc: { decorator: { legacy: true } },
  ssr: { resolve: { conditions: ['source', 'node', 'development|production'] } },
};

export default defineConfig({
  ...shared,
  root: new URL('..', import.meta.url).pathname,
  test: {
    env: { APOLLO_TELEMETRY_DISABLED: 'true' },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{schema,subgraphs/*,router,agent,agent/simulator,stack}/src/**/*.test.ts', 'ui/src/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/*.e2e.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'db',
          include: ['**/src/**/*.db.test.ts'],
          globalSetup: ['subgraphs/kit/src/testing/postgres-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['stack/e2e/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
