import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';
import { count, figures } from '../support/oracle.ts';
import { ORACLE } from '../support/oracle-indicators.ts';
import type { World } from '../support/oracle-facts.ts';
import { catalogue, makeWarehouse } from '../support/warehouse.ts';
import { answers, expectSameGroups, questionsTo, type Asked } from './compare.ts';
import { generatedRows, movingReference } from './generated-rows.ts';
import { byDay, RUNS_FACTOR } from '../support/nightly.ts';

const indicators = [...catalogue.values()];

async function expectAsTheOracle(world: World, snapshot: Snapshot, indicator: Indicator, asked: Asked): Promise<void> {
  const got = await answers(snapshot, indicator, asked);
  asked.periods.forEach((period, index) => {
    const counted = count(world, indicator.id, period, asked.today);
    asked.breakdowns.forEach((breakdown, rank) => {
      const where = `${indicator.id} ${period.du}..${period.au} by [${breakdown}] ${JSON.stringify(asked.filters)} on ${asked.today}`;
      expectSameGroups(got.get(`${index}/${rank}`), figures(counted, breakdown, asked.filters), where);
    });
  });
}

test('the oracle knows every indicator', () => {
  expect(Object.keys(ORACLE).sort()).toEqual([...catalogue.keys()].sort());
});

test('measure gives what a slow count of the extracts gives, for any data, period, axes and filters', async () => {
  const questions = fc.tuple(
    ...indicators.map((indicator) => fc.array(questionsTo(indicator), { minLength: 4, maxLength: 4 }))
  );
  const property = fc.asyncProperty(generatedRows, questions, async (rows, asked) => {
    const warehouse = await makeWarehouse(rows, { reference: movingReference });
    try {
      for (const [index, indicator] of indicators.entries()) {
        const world = { rows, reference: movingReference };
        for (const question of asked[index]!) await expectAsTheOracle(world, warehouse.snapshot, indicator, question);
      }
    } finally {
      warehouse.close();
    }
  });
  await fc.assert(property, { seed: 94, numRuns: byDay(7, 96), endOnFailure: true });
}, RUNS_FACTOR * 120_000);
