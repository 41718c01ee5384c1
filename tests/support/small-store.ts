import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { readConfig, type Config } from '#lib/server/config.ts';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { openHouse, type House } from '#lib/server/house.ts';
import { answer } from '#lib/server/indicators/answer.ts';
import { verifier } from '../../src/cli/verifier.ts';
import { writeSmallExtracts } from './small-extracts.ts';

export function configOf(store: string): Config {
  return { ...readConfig({ VIGIE_TODAY: '2026-01-15' }), store };
}

/** Opens the house, works in it, closes it. */
export async function inHouse<T>(config: Config, work: (house: House) => Promise<T>): Promise<T> {
  const house = await openHouse(config);
  try {
    return await work(house);
  } finally {
    house.close();
  }
}

async function makeMould(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-test-'));
  const files = writeSmallExtracts(join(folder, 'extraits')).map((path) => ({ path, name: path }));
  await inHouse(configOf(join(folder, 'store')), (house) => importFiles(house, files));
  return join(folder, 'store');
}

let mould: Promise<string> | undefined;
afterAll(async () => mould && rmSync(dirname(await mould), { recursive: true, force: true }));

/** A store that holds the small extracts: imported once in a file of tests, then copied. */
export async function smallStore(folder: string): Promise<Config> {
  const config = configOf(join(folder, 'store'));
  cpSync(await (mould ??= makeMould()), config.store, { recursive: true });
  return config;
}

/** In person over honoured meetings of 2025-T2, as text: « 4/6 » in the small extracts. */
export async function inPerson(house: House): Promise<string> {
  const { total } = await answer(await contextOf(house), {
    indicator: house.catalogue.get('part_presentiel')!,
    period: { du: '2025-04-01', au: '2025-07-01' },
    ...{ cumul: 'trimestre', par: [], filters: {}, comparison: null }
  });
  return `${total.numerateur}/${total.denominateur}`;
}

/**
 * Every figure of 2025, by territoire where the indicator allows it, to twelve digits: DuckDB adds fractions of ETP
 * in the order its threads come.
 */
export async function everyFigure(house: House): Promise<unknown[]> {
  const context = await contextOf(house);
  const answers = [...house.catalogue.values()].map((indicator) =>
    answer(context, {
      indicator,
      period: { du: '2025-01-01', au: '2026-01-01' },
      ...{ cumul: 'trimestre', filters: {}, comparison: 'n-1' },
      par: indicator.axes.includes('territoire') ? ['territoire'] : []
    })
  );
  const figures = (await Promise.all(answers)).map(({ indicateur, lignes, total }) => ({ indicateur, lignes, total }));
  const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value);
  return JSON.parse(JSON.stringify(figures, round)) as unknown[];
}

async function contextOf(house: House) {
  const { objectifs } = house.reference;
  return { snapshot: await house.snapshot(), objectifs, today: house.config.today, viewer: DIRECTION };
}

/** What `vigie verifier` finds wrong, check by check. */
export async function problems(config: Config): Promise<string[]> {
  const { json } = await verifier.run(config, {}, []);
  return (json as { controles: { problemes: string[] }[] }).controles.flatMap(({ problemes }) => problemes);
}

let copies = 0;

/** A copy of a store beside it, for a test that changes it. */
export function copyOf(origin: Config): Config {
  const store = `${origin.store}-copie-${++copies}`;
  cpSync(origin.store, store, { recursive: true });
  return { ...origin, store };
}
