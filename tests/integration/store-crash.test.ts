import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listLots } from '#lib/server/extracts/journal.ts';
import { inTurns, start, testFolder, vigie } from '../support/cli.ts';
import { byDay } from '../support/nightly.ts';
import { ONE_MORE, writeLines } from '../support/small-extracts.ts';
import { configOf, inHouse, inPerson, problems, smallStore } from '../support/small-store.ts';

const folder = testFolder();
const MOMENTS = byDay(4, 7);

/** The same numbers at each run: a failure can be played again. */
function seeded(seed: number): () => number {
  return () => ((seed = (seed * 48271) % 2147483647) - 1) / 2147483646;
}

/** Moments spread over the part of a run that follows the start of the process, one in each slice. */
function moments(whole: number, random: () => number): number[] {
  const first = whole * 0.4;
  return Array.from({ length: MOMENTS }, (_, i) => first + ((i + random()) / MOMENTS) * (whole - first));
}

async function timed(store: string, args: string[]): Promise<number> {
  const begun = Date.now();
  expect((await vigie(store, args)).code).toBe(0);
  return Date.now() - begun;
}

interface Story {
  args: (store: string) => string[];
  /** Figures before and after; the journal's active lots before and after. */
  figures: [string, string];
  active: [number, number];
}

async function killedAt(origin: string, { args, figures, active }: Story, delay: number): Promise<boolean> {
  const store = join(folder, `tue-${Math.round(delay * 1000)}-${active[1]}`);
  cpSync(origin, store, { recursive: true });
  const config = configOf(store);
  const { child, ended } = start(store, args(store));
  await sleep(delay);
  child.kill('SIGKILL');
  const finished = (await ended).code === 0;
  const lots = listLots(config).filter(({ actif }) => actif).length;
  const done = active.indexOf(lots);
  expect({ delay, done, problems: await problems(config) }).toEqual({
    delay,
    done: expect.toBeOneOf([0, 1]) as number,
    problems: []
  });
  if (finished) expect(done).toBe(1);
  expect(await inHouse(config, inPerson)).toBe(figures[done]);
  if (done === 0) expect((await vigie(store, args(store))).code).toBe(0);
  expect(await inHouse(config, inPerson)).toBe(figures[1]);
  expect(await problems(config)).toEqual([]);
  expect(readdirSync(join(store, 'batches')).sort()).toEqual(
    listLots(config)
      .map(({ lot }) => lot)
      .sort()
  );
  rmSync(store, { recursive: true });
  return done === 1;
}

it('is before or after when « import » or « annuler » is killed at any moment', async () => {
  const random = seeded(94);
  const { store } = await smallStore(folder);
  const more = writeLines(folder, 'de_plus.csv', ONE_MORE);
  const after = join(folder, 'apres');
  cpSync(store, after, { recursive: true });
  const importing: Story = { args: () => ['import', more], figures: ['4/6', '4/7'], active: [4, 5] };
  const importTime = await timed(after, importing.args(after));
  const lot = listLots({ store: after }).at(-1)!.lot;
  const undoing: Story = { args: () => ['annuler', lot], figures: ['4/7', '4/6'], active: [5, 4] };
  const undone = join(folder, 'annule');
  cpSync(after, undone, { recursive: true });
  const undoTime = await timed(undone, undoing.args(undone));
  await inTurns(
    [
      ...moments(importTime, random).map((delay) => () => killedAt(store, importing, delay)),
      ...moments(undoTime, random).map((delay) => () => killedAt(after, undoing, delay))
    ],
    2
  );
});
