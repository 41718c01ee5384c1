import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../support/browser.ts';
import { DEMO, EMPTY, type ServedStore } from '../support/e2e-stores.ts';

const results = join(DEMO.cwd, 'test-results');

const server = ({ address, cwd, env }: ServedStore, argument = '') => ({
  command: `npx tsx tests/support/e2e-server.ts ${argument}`,
  cwd,
  env,
  url: `${address}/`,
  timeout: 180_000,
  reuseExistingServer: false,
  stdout: 'pipe' as const,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 5_000 }
});

/** Two built servers on a fixed day: one with the demonstration, one without data. */
export default defineConfig({
  testDir: '.',
  outputDir: results,
  preserveOutput: 'always',
  fullyParallel: false,
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  reporter: [['list'], ['json', { outputFile: join(results, 'e2e.json') }]],
  grepInvert: process.env.VIGIE_NUIT ? undefined : /@nuit/,
  use: {
    baseURL: DEMO.address,
    locale: 'fr-FR',
    timezoneId: 'America/New_York',
    launchOptions: { executablePath: findBrowser() ?? undefined, args: BROWSER_ARGS }
  },
  webServer: [server(DEMO), server(EMPTY, '--vide')]
});
