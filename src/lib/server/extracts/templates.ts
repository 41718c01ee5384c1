import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#lib/server/config.ts';

type Root = Pick<Config, 'root'>;

export function readQuery({ root }: Root, name: string): string {
  return readFileSync(join(root, 'queries', 'extracts', `${name}.sql`), 'utf8');
}

/** Reads `queries/extracts/<name>.sql` and fills its `{holes}`, each of which must be given. */
export function fillQuery(config: Root, name: string, holes: Record<string, string>): string {
  return readQuery(config, name).replace(/\{([a-z_]+)\}/g, (_whole, hole: string) => {
    const value = holes[hole];
    if (value === undefined) throw new Error(`queries/extracts/${name}.sql: {${hole}} is not given`);
    return value;
  });
}
