import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/**
 * Serves the built application on a clean store until it is stopped: with the demonstration, or with nothing
 * when called with `--vide`.
 */
const store = process.env.VIGIE_DATA!;
rmSync(store, { recursive: true, force: true });
process.on('exit', () => rmSync(store, { recursive: true, force: true }));
if (!process.argv.includes('--vide')) {
  const demo = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/vigie.ts', 'demo', '--format', 'json'], {
    stdio: ['ignore', 'ignore', 'inherit']
  });
  if (demo.status !== 0) process.exit(1);
}
await import('../../src/cli/start.ts');
