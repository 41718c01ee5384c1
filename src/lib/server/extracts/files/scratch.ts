import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a reading writes in its private folder: names are drawn, never those of an archive. */
export class Scratch {
  private made: string[] = [];

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** A path where nothing is yet. */
  newPath(): string {
    const path = join(this.folder, randomUUID());
    this.made.push(path);
    return path;
  }

  /** A folder apart, for a worker that may be stopped while it writes. */
  newFolder(): string {
    const path = this.newPath();
    mkdirSync(path, { mode: 0o700 });
    return path;
  }

  /** Removes all it made but these. */
  keepOnly(kept: { path: string }[]): void {
    const paths = new Set(kept.map(({ path }) => path));
    for (const path of this.made) if (!paths.has(path)) rmSync(path, { recursive: true, force: true });
    this.made = this.made.filter((path) => paths.has(path));
  }
}
