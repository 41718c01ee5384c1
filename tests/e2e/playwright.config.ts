import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../support/browser.ts';

const PORT = 5317;
const root = new URL('../..', import.meta.url).pathname;

/** A clean store with the demonstration, a fixed day, and the built server. */
export default defineConfig({
  testDir: '.',
  outputDir: join(root, 'test-results'),
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  reporter: [['list'], ['json', { outputFile: join(root, 'test-results', 'e2e.json') }]],
  grepInvert: process.env.VIGIE_NUIT ? undefined : /@nuit/,
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    locale: 'fr-FR',
    timezoneId: 'America/New_York',
    launchOptions: { executablePath: findBrowser() ?? undefined, args: BROWSER_ARGS }
  },
  webServer: {
    command: 'npx tsx tests/support/demo-server.ts',
    cwd: root,
    url: `http://127.0.0.1:${PORT}/`,
    timeout: 180_000,
    reuseExistingServer: false,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5_000 },
    env: {
      PORT: String(PORT),
      VIGIE_TODAY: '2026-01-15',
      VIGIE_DATA: join(tmpdir(), `vigie-e2e-${process.pid}`),
      VIGIE_KEY: 'clef-de-test'
    }
  }
});
