import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGS, findBrowser } from '../support/browser.ts';
import { DEMO, EMPTY, type ServedStore } from '../support/e2e-stores.ts';

const results = join(DEMO.cwd, 'test-results');

const server = ({ address, cwd, env }: ServedStore, argument = '') => ({
  command: `${process.execPath} --import tsx tests/support/e2e-server.ts ${argument}`,
  cwd,
  env,
  url: `${address}/`,
  timeout: 180_000,
  reuseExistingServer: false,
  stdout: 'pipe' as const,
  gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 5_000 }
});

/** Stories told in the order of their names on the store that is empty when they begin. */
const STORIES = /(access-without-data|import|mapping|referentiel|sectorisation-kept|volume|with-contours)\.spec/;

/**
 * Two built servers on a fixed day: one with the demonstration, which tests only read, one without data. Each has
 * its tests, one after the other, beside those of the other.
 */
export default defineConfig({
  testDir: '.',
  outputDir: results,
  preserveOutput: 'always',
  fullyParallel: false,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: join(results, 'e2e.json') }]],
  grepInvert: process.env.VIGIE_NUIT ? undefined : /@nuit/,
  use: {
    locale: 'fr-FR',
    timezoneId: 'America/New_York',
    launchOptions: { executablePath: findBrowser() ?? undefined, args: BROWSER_ARGS }
  },
  projects: [
    { name: 'demonstration', workers: 1, testIgnore: STORIES, use: { baseURL: DEMO.address } },
    { name: 'vide', workers: 1, testMatch: STORIES, use: { baseURL: EMPTY.address } }
  ],
  webServer: [server(DEMO), server(EMPTY, '--vide')]
});
