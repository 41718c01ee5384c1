import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { Refused } from '#lib/domain/bad-request.ts';
import { readConfig } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';

/** A way to spoil the real data, and the mistakes told of it: one, unless the second is unavoidable. */
export interface SpoiltCase {
  name: string;
  break: () => void;
  told: string;
  also?: string;
}

/** A copy of `data/` that a test may spoil, new for each test. */
export function dataCopy() {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'vigie-reference-'));
    cpSync(join(readConfig({}).root, 'data'), join(root, 'data'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const path = (file: string) => join(root, 'data', file);
  const load = () => loadReference({ root, caf: '94' });
  /** Replaces a text that must be there. */
  const change = (file: string, before: string, after: string): void => {
    const text = readFileSync(path(file), 'utf8');
    expect(text).toContain(before);
    writeFileSync(path(file), text.replace(before, after));
  };
  /** The lines of the refusal, without the first one. */
  const mistakes = (): string[] => {
    try {
      load();
    } catch (error) {
      expect(error).toBeInstanceOf(Refused);
      return (error as Refused).message.split('\n').slice(1);
    }
    return [];
  };
  const expectTold = ({ break: spoil, told, also }: SpoiltCase): void => {
    spoil();
    const expected = also ? [told, also] : [told];
    const lines = mistakes();
    expect(lines, lines.join('\n')).toHaveLength(expected.length);
    for (const start of expected) expect(lines.join('\n')).toContain(start);
  };
  return { path, load, change, mistakes, expectTold };
}
