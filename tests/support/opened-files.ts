import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { LIMITS, type Limits } from '#lib/server/extracts/files/limits.ts';
import { openFile, type OpenedFile } from '#lib/server/extracts/files/open-file.ts';

export const { root } = readConfig({});

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vigie-sources-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Opens a file of this content, and checks that nothing is left but what its tables name, for the owner alone. */
export async function opened(content: Buffer | string, limits: Partial<Limits> = {}, name = 'fichier.xlsx') {
  const place = folder();
  const path = join(place, 'dropped');
  const temporary = join(place, 'temporary');
  writeFileSync(path, content);
  const progress: number[] = [];
  const onProgress = (bytes: number) => progress.push(bytes);
  let result: OpenedFile | undefined;
  try {
    result = await openFile({ path, name }, { root, temporary, limits: { ...LIMITS, ...limits }, onProgress });
  } finally {
    const left = existsSync(temporary) ? readdirSync(temporary).map((each) => join(temporary, each)) : [];
    const named = (result?.tables ?? []).map((table) => table.path).filter((each) => each !== path);
    expect(left.sort()).toEqual(named.sort());
    for (const each of [temporary, ...left]) expect(statSync(each).mode & 0o077).toBe(0);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  }
  return { ...result, progress, texts: result.tables.map((table) => readFileSync(table.path, 'utf8')) };
}

/** How the opening of a file of this content is refused. */
export async function refusal(content: Buffer | string, limits: Partial<Limits> = {}): Promise<string> {
  const outcome = await opened(content, limits).then(
    () => 'lu',
    (error: Error) => `${error.name} ${error.message}`
  );
  expect(outcome).toMatch(/^Refused /);
  return outcome;
}
