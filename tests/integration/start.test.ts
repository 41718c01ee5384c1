import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;

test('a taken port, or an application not built yet, is said in a sentence', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const env = { ...process.env, PORT: String(port), HOST: '127.0.0.1' };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/start.ts'], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    timeout: 30_000
  });
  other.close();
  expect(status).toBe(1);
  const built = existsSync(new URL('../../build/index.js', import.meta.url));
  expect(stderr).toContain(built ? `Le port ${port} est déjà pris` : 'L’application n’est pas construite');
});
