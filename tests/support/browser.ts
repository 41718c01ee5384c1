import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const KNOWN = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable'
];

/** Quiet and closed: no request of the browser's own, which would be counted as a request to another host. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
];

/** Path of a Chromium on this machine: `CHROMIUM`, Playwright's own, or the system's; null when there is none. */
export function findBrowser(): string | null {
  const candidates = [process.env.CHROMIUM, chromium.executablePath(), ...KNOWN];
  return candidates.find((path) => path && existsSync(path)) ?? null;
}

/** Finds a browser, or installs one: with Playwright, else from Debian when root. Throws with what to do. */
export function requireBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  spawnSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit', timeout: 300_000 });
  if (!findBrowser() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'inherit', env });
  }
  const installed = findBrowser();
  if (installed) return installed;
  throw new Error('No Chromium found: install one (npx playwright install chromium) or give its path in CHROMIUM.');
}
