import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** At night properties run on several times more data (tests/support/nightly.ts). */
const PATIENCE = process.env.VIGIE_NUIT ? 10 : 1;

/** Many small databases: by day two workers take both processors, and each database one thread; at night, all of them. */
const THREADS: Record<string, string> = process.env.VIGIE_NUIT ? {} : { VIGIE_FILS: '1' };

const project = (name: string, milliseconds: number) => {
  const timeout = milliseconds * PATIENCE;
  return {
    extends: true as const,
    test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: timeout }
  };
};

export default defineConfig({
  plugins: [sveltekit()],
  ssr: { external: ['@duckdb/node-api'] },
  test: {
    maxWorkers: 2,
    setupFiles: ['tests/support/fixed-seed.ts'],
    env: { VIGIE_TODAY: '2026-01-15', TZ: 'America/New_York', ...THREADS },
    projects: [
      project('unit', 20_000),
      project('queries', 60_000),
      project('integration', 180_000),
      project('architecture', 20_000)
    ]
  }
});
