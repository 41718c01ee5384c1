import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { generateDemo, type DemoData } from '#lib/server/demo/generate.ts';
import { writeDemoFiles } from '#lib/server/demo/write-files.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { openHouse, type House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import type { OverviewView } from '#lib/server/views/overview.ts';

export interface Demonstration {
  house: House;
  data: DemoData;
}

/** A store of its own, filled with a demonstration as the command line would: French files, dirt included. */
export async function loadDemonstration(
  folder: string,
  options: { today: string; stories: boolean; seed?: number }
): Promise<Demonstration> {
  const house = await openHouse(readConfig({ VIGIE_DATA: join(folder, 'store'), VIGIE_TODAY: options.today }));
  const data = generateDemo(house.reference, options);
  const files = await writeDemoFiles(data, join(folder, 'files'), house.reference);
  const report = await importFiles(
    house,
    files.map((path) => ({ path, name: basename(path) })),
    { demonstration: true }
  );
  expect(report.lots.filter((lot) => 'refus' in lot)).toEqual([]);
  return { house, data };
}

/** What `/` says over a period. */
export function overviewOf(house: House, periode: string): Promise<OverviewView> {
  return computeView(house, '/', new URL(`http://vigie/?periode=${periode}`), {});
}
