import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
/** Lines a file may have; more is probably two things in one. */
const BUDGETS: [RegExp, number][] = [
  [/^src\/.*\.ts$/, 250],
  [/^src\/.*\.svelte$/, 150],
  [/^queries\/.*\.sql$/, 80]
];
const LARGEST_FILE_KB = 500;
const TOP_LEVEL =
  /^(src|static|data|queries|tests|package\.json|tsconfig\.json|svelte\.config\.js|vite\.config\.ts|README\.md|package-lock\.json|eslint\.config\.js|\..*)$/;

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8'
})
  .split('\n')
  .filter((path) => path !== '' && statSync(join(ROOT, path), { throwIfNoEntry: false }));

function lines(path: string): number {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const counted = path.endsWith('.svelte') ? text.replace(/<style>[\s\S]*<\/style>/, '') : text;
  return counted.trimEnd().split('\n').length;
}

describe('budgets', () => {
  test.each(BUDGETS)('files %s have at most %i lines', (pattern, budget) => {
    const over = tracked.filter((path) => pattern.test(path)).map((path) => `${path}: ${lines(path)}`);
    expect(over.filter((entry) => Number(entry.split(': ')[1]) > budget)).toEqual([]);
  });

  test('top level holds what the README says', () => {
    const strangers = new Set(tracked.map((path) => path.split('/')[0]!).filter((name) => !TOP_LEVEL.test(name)));
    expect([...strangers]).toEqual([]);
  });

  test('no large file is tracked', () => {
    const large = tracked.filter(
      (path) => path !== 'package-lock.json' && statSync(join(ROOT, path)).size > LARGEST_FILE_KB * 1024
    );
    expect(large).toEqual([]);
  });
});
