import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The tests that need a real Jupyter and a browser; `.ci/run` provides both. */
const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['tests/jupyter/**/*.test.ts'],
    // One browser at a time; the tests of a file are steps of one session.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    reporters: process.env.FLECHE_TEST_REPORT === undefined ? ['default'] : ['default', './.ci/vitest-reporter.mjs'],
  },
});

export default config;
