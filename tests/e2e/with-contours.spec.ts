import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { EMPTY } from '../support/e2e-stores.ts';
import { squareContours } from '../support/square-contours.ts';
import { interventionsFile, meetings, meetingsFile } from './extract-files.ts';
import { expectRulesOfAPage } from './rules-of-a-page.ts';
import { expect, openLive, test } from './watched.ts';

const map = '#carte figure';

test.describe('with contours', () => {
  const files = mkdtempSync(join(tmpdir(), 'vigie-contours-'));
  const vigie = (...args: string[]) => {
    const run = spawnSync('npm', ['run', '-s', 'vigie', '--', ...args, '--format', 'json'], {
      env: { ...process.env, ...EMPTY.env },
      encoding: 'utf8'
    });
    expect(run.status, run.stderr).toBe(0);
    return JSON.parse(run.stdout) as { lots: { lot: string; type: string }[] };
  };
  let lots: string[] = [];

  test.beforeAll(() => {
    const { communes } = loadReference(readConfig({}));
    const contours = join(files, 'contours.geojson');
    writeFileSync(contours, squareContours(communes));
    const extracts = [
      interventionsFile('carte-i.csv'),
      meetingsFile('carte-r.csv', meetings('CARTE', 60, 'presentiel'))
    ];
    const paths = extracts.map(({ name, buffer }) => {
      writeFileSync(join(files, name), buffer);
      return join(files, name);
    });
    lots = vigie('import', ...paths, contours).lots.map(({ lot }) => lot);
  });
  test.afterAll(() => {
    for (const lot of lots) vigie('annuler', lot);
    rmSync(files, { recursive: true, force: true });
  });

  for (const width of [1440, 1024, 390]) {
    test(`the map is drawn on them, ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await openLive(page, '/territoires?niveau=commune');
      await expect(page.locator(`${map} figcaption`)).toContainText('Contours :');
      await expect(page.getByText('Plan simplifié')).toHaveCount(0);
      await expect(page.locator(`${map} svg:visible .area`)).toHaveCount(47);
      await expectRulesOfAPage(page);
    });
  }
});
