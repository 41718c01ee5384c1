/**
 * Imports in trial, one after the other, the files of a folder from a name on, in a process of its own: what a mutated
 * Parquet file may do to DuckDB does not end the test. Says a name before it is read, then what came of it.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '#lib/server/config.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { pointerPublish } from './pointer-publish.ts';

const [folder, from = ''] = process.argv.slice(2) as [string, string | undefined];
const config = readConfig();
const context = { config, reference: loadReference(config), publish: pointerPublish(config.store) };
for (const name of readdirSync(folder).sort()) {
  if (name <= from) continue;
  console.log(JSON.stringify({ name }));
  try {
    const report = await importFiles(context, [{ path: join(folder, name), name }], { dryRun: true });
    console.log(JSON.stringify({ name, report }));
  } catch (error) {
    console.log(JSON.stringify({ name, error: String((error as Error).stack) }));
  }
}
