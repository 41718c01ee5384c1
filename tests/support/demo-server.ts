import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

/** Loads the demonstration into an empty store, then serves the built application until it is stopped. */
const store = process.env.VIGIE_DATA!;
rmSync(store, { recursive: true, force: true });
process.on('exit', () => rmSync(store, { recursive: true, force: true }));
const demo = spawnSync('npm', ['run', '-s', 'vigie', '--', 'demo', '--format', 'json'], {
  stdio: ['ignore', 'ignore', 'inherit']
});
if (demo.status !== 0) process.exit(1);
await import('../../src/cli/start.ts');
