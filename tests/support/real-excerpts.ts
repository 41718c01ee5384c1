import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = new URL('../../../shared/data', import.meta.url).pathname;

/** The text of a real excerpt beside the repository, or null: these are for tests only, and never copied here. */
export function realExcerpt(path: string): string | null {
  const file = join(FOLDER, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
