import { defineConfig, type ViteUserConfig } from 'vitest/config';

const resolve = { conditions: ['fleche-source'] };

const config: ViteUserConfig = defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    include: ['tests/**/*.test.ts'],
    // These need a real Jupyter and a browser: .ci/vitest.lab.config.ts.
    exclude: ['tests/jupyter/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.FLECHE_TEST_REPORT === undefined ? ['default'] : ['default', './.ci/vitest-reporter.mjs'],
  },
});

export default config;
