import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const SOURCE = join(ROOT, 'src');

/** Modules of the house, by folder of `src`; the longest prefix wins. */
const MODULES = [
  'lib/domain',
  'lib/tables',
  'lib/charts',
  'lib/components',
  'lib/styles',
  'lib/server/config.ts',
  'lib/server/reference',
  'lib/server/warehouse',
  'lib/server/extracts',
  'lib/server/indicators',
  'lib/server/views',
  'lib/server/bilans',
  'lib/server/scenarios',
  'lib/server/demo',
  'lib/server/house.ts',
  'lib/server/running-house.ts',
  'lib/server/same-origin.ts',
  'cli',
  'routes',
  'hooks.server.ts'
];

/** What each module may import, besides itself. The house composes; routes and commands use it. */
const MAY_IMPORT: Record<string, string[]> = {
  'lib/domain': [],
  'lib/tables': ['lib/domain'],
  'lib/charts': ['lib/domain'],
  'lib/components': ['lib/domain', 'lib/tables'],
  'lib/styles': [],
  'lib/server/config.ts': ['lib/domain'],
  'lib/server/reference': ['lib/server/config.ts', 'lib/domain'],
  'lib/server/warehouse': ['lib/server/config.ts', 'lib/domain'],
  'lib/server/extracts': ['lib/server/config.ts', 'lib/server/reference', 'lib/server/warehouse', 'lib/domain'],
  'lib/server/indicators': ['lib/server/warehouse', 'lib/server/reference', 'lib/domain'],
  'lib/server/house.ts': [
    'lib/server/config.ts',
    'lib/server/reference',
    'lib/server/warehouse',
    'lib/server/indicators',
    'lib/domain'
  ],
  'lib/server/running-house.ts': ['lib/server/config.ts', 'lib/server/house.ts'],
  'lib/server/same-origin.ts': [],
  'lib/server/scenarios': ['lib/server/config.ts', 'lib/server/warehouse', 'lib/domain'],
  'lib/server/views': [
    'lib/server/indicators',
    'lib/server/scenarios',
    'lib/server/reference',
    'lib/server/house.ts',
    'lib/server/running-house.ts',
    'lib/server/extracts',
    'lib/server/warehouse',
    'lib/domain',
    'lib/tables',
    'lib/charts'
  ],
  'lib/server/demo': ['lib/server/reference', 'lib/domain'],
  cli: [
    'lib/server/config.ts',
    'lib/server/reference',
    'lib/server/warehouse',
    'lib/server/extracts',
    'lib/server/indicators',
    'lib/server/demo',
    'lib/server/views',
    'lib/server/house.ts',
    'lib/domain',
    'lib/tables'
  ],
  routes: [
    'lib/server/views',
    'lib/server/extracts',
    'lib/server/running-house.ts',
    'lib/domain',
    'lib/components',
    'lib/styles'
  ],
  'hooks.server.ts': [
    'lib/server/views',
    'lib/server/extracts',
    'lib/server/running-house.ts',
    'lib/server/same-origin.ts',
    'lib/domain'
  ]
};

/** The only importer of each library that shapes the house. */
const OWNERS: Record<string, string> = {
  '@duckdb/node-api': 'lib/server/warehouse',
  '@observablehq/plot': 'lib/charts',
  linkedom: 'lib/charts',
  arquero: 'lib/tables'
};

const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
  .map((entry) => relative(SOURCE, join(entry.parentPath, entry.name)));

const moduleOf = (path: string) =>
  MODULES.filter((module) => path === module || path.startsWith(`${module}/`)).sort((a, b) => b.length - a.length)[0];

function importsOf(path: string): string[] {
  const text = readFileSync(join(SOURCE, path), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
}

/** Path under `src` of an import of ours; null for a library. */
function target(from: string, specifier: string): string | null {
  if (specifier.startsWith('#lib/')) return specifier.replace('#lib/', 'lib/');
  if (!specifier.startsWith('.')) return null;
  return relative(SOURCE, join(SOURCE, from, '..', specifier));
}

describe('imports', () => {
  test.each(files)('%s stays within its module and those it may use', (path) => {
    const own = moduleOf(path);
    expect(own, 'every file belongs to a module').toBeDefined();
    const strangers = importsOf(path).flatMap((specifier) => {
      const to = target(path, specifier);
      const module = to === null ? undefined : moduleOf(to);
      return module === undefined || module === own || MAY_IMPORT[own!]!.includes(module) ? [] : [specifier];
    });
    expect(strangers).toEqual([]);
  });

  test.each(Object.entries(OWNERS))('%s is imported by %s only', (library, owner) => {
    const importers = files.filter((path) =>
      importsOf(path).some((one) => one === library || one.startsWith(`${library}/`))
    );
    expect(importers.filter((path) => !path.startsWith(`${owner}/`))).toEqual([]);
    expect(importers.length).toBeGreaterThan(0);
  });

  test('there is no cycle', () => {
    const graph = new Map(
      files.map((path) => [
        path,
        importsOf(path)
          .flatMap((one) => target(path, one) ?? [])
          .filter((to) => files.includes(to))
      ])
    );
    const done = new Set<string>();
    const visit = (path: string, trail: string[]): string[] | null => {
      if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
      if (done.has(path)) return null;
      for (const next of graph.get(path)!) {
        const cycle = visit(next, [...trail, path]);
        if (cycle) return cycle;
      }
      done.add(path);
      return null;
    };
    expect(files.map((path) => visit(path, [])).find((cycle) => cycle !== null) ?? null).toBeNull();
  });

  test('no catch-all file', () => {
    const names = /(^|\/)(index|utils?|common|helpers?|types|misc|shared)(\.ts|\/)/;
    expect(files.filter((path) => names.test(path))).toEqual([]);
  });
});
