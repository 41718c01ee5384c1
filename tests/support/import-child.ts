/**
 * Imports one file in a process of its own, so that a test can kill it or limit what it may write. A step given
 * as second argument is where it kills itself.
 */
import { basename } from 'node:path';
import { readConfig } from '#lib/server/config.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { pointerPublish } from './pointer-publish.ts';

// As for a full disk, a write beyond the limit must be an error, not a signal that kills.
process.on('SIGXFSZ', () => {});
const config = readConfig();
const [path, fatalStep] = process.argv.slice(2) as [string, string | undefined];
await importFiles(
  {
    config,
    reference: loadReference(config),
    publish: pointerPublish(config.store),
    onProgress: ({ etape }) => {
      if (etape === fatalStep) process.kill(process.pid, 'SIGKILL');
      console.log(etape);
    }
  },
  [{ path, name: basename(path) }]
);
console.log('fini');
