import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/**
 * Starts the built server with the settings of the public interface: loopback unless told otherwise, uploads of
 * any size (they are streamed to disk), enough threads for DuckDB not to queue. With `--ouvrir`, opens a browser.
 */
const SERVER = new URL('../../build/index.js', import.meta.url);
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { linux: 'xdg-open', darwin: 'open', win32: 'explorer' };

if (!existsSync(fileURLToPath(SERVER))) {
  process.stderr.write('L’application n’est pas construite : lancez « npm run build ».\n');
  process.exit(1);
}
const { env } = process;
env.HOST ||= '127.0.0.1';
env.PORT ||= '3000';
env.ORIGIN ||= `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${env.PORT}`;
env.BODY_SIZE_LIMIT ||= 'Infinity';
env.UV_THREADPOOL_SIZE ||= '16';

/** True when nothing else listens there. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, host, () => probe.close(() => resolve(true)));
  });
}

if (!(await isFree(Number(env.PORT), env.HOST))) {
  process.stderr.write(
    `Le port ${env.PORT} est déjà pris : choisissez-en un autre, par exemple « PORT=3001 npm start ».\n`
  );
  process.exit(1);
}
const server = spawn(process.execPath, [fileURLToPath(SERVER)], { stdio: ['ignore', 'pipe', 'inherit'], env });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 1));
server.stdout.on('data', (chunk: Buffer) => {
  if (!chunk.toString().includes('Listening')) return void process.stdout.write(chunk);
  process.stdout.write(`\nVigie est ouverte : ${env.ORIGIN}\nCtrl+C pour l’arrêter.\n`);
  const opener = OPENERS[process.platform];
  if (opener && process.argv.includes('--ouvrir') && process.stdout.isTTY) {
    spawn(opener, [env.ORIGIN!], { stdio: 'ignore', detached: true })
      .on('error', () => {})
      .unref();
  }
});
