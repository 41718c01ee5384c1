import { readFileSync } from 'node:fs';
import type { Cell } from '#lib/domain/cell.ts';
import { formatCell } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';
import { plain } from './plain-text.ts';
import { expect, openLive, test } from './watched.ts';

/** How each planted story is told: what its sentence says, and where its proof is. */
const STORIES: { name: string; sentence: RegExp; proof: RegExp }[] = [
  { name: 'présentiel falls at Orly', sentence: /À Orly.*en présence/, proof: /^\/indicateurs\/part_presentiel\?/ },
  { name: 'séparation contacts double', sentence: /Séparation/, proof: /^\/offres\/separation\?/ },
  { name: 'a vacancy overloads Champigny', sentence: /À Champigny/, proof: /^\/territoires\/champigny\?/ },
  { name: 'home visits are missing at Créteil', sentence: /À Créteil.*visite à domicile/, proof: /^\/indicateurs\// },
  { name: 'a permanence is hardly used', sentence: /La permanence « .*» sert peu/, proof: /#permanences$/ },
  {
    name: 'a worker stopped entering data',
    sentence: /n'a saisi aucun rendez-vous/,
    proof: /^\/donnees\/qualite\?.*#saisie$/
  }
];

test('À retenir tells at least four of the six stories, each with a proof that opens', async ({ page }) => {
  await page.goto('/');
  const findings = await page
    .locator('#a-retenir li')
    .evaluateAll((items) =>
      items.map((item) => ({ text: item.textContent ?? '', href: item.querySelector('a')?.getAttribute('href') ?? '' }))
    );
  expect(findings.length, 'three to six sentences').toBeGreaterThanOrEqual(3);
  expect(findings.length, 'three to six sentences').toBeLessThanOrEqual(6);
  const told = STORIES.filter(({ sentence, proof }) =>
    findings.some(({ text, href }) => sentence.test(plain(text)) && proof.test(href))
  );
  expect(
    told.map(({ name }) => name).length,
    `stories told: ${told.map(({ name }) => name).join(', ')}\namong:\n${findings.map(({ text, href }) => `${plain(text)} (${href})`).join('\n')}`
  ).toBeGreaterThanOrEqual(4);
  for (const { href } of findings) {
    const response = await page.goto(href);
    expect(response?.status(), href).toBe(200);
    await expect(page.getByRole('heading', { level: 1 }), href).toHaveCount(1);
    const { hash } = new URL(href, 'http://vigie');
    if (hash) await expect(page.locator(hash), `${href} points to something`).toBeVisible();
  }
});

test('filters by keyboard alone: no reload, focus kept, and Back restores', async ({ page }) => {
  await openLive(page, '/');
  const title = page.getByRole('heading', { level: 1 });
  const figures = page.locator('.figure');
  const before = { title: await title.textContent(), figures: await figures.allTextContents() };
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  const summary = page.locator('summary', { hasText: 'Territoire' });
  for (let presses = 0; presses < 40; presses++) {
    if (await summary.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(summary, 'Tab reaches the filter').toBeFocused();
  await page.keyboard.press('Enter');
  const orly = page.getByRole('checkbox', { name: 'Orly' });
  await page.keyboard.press('Tab');
  while (!(await orly.evaluate((element) => element === document.activeElement))) {
    expect(
      await page.evaluate(() => document.activeElement?.getAttribute('name')),
      'Tab walks through the boxes of the filter until Orly'
    ).toBe('territoire');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/[?&]territoire=orly/);
  await expect(orly, 'focus stays where the reader is').toBeFocused();
  await expect(orly).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(orly).toBeHidden();
  await expect(summary, 'Escape closes and gives the focus back').toBeFocused();
  await expect(summary).toContainText('Orly');

  await expect.poll(() => figures.allTextContents(), 'figures of Orly').not.toEqual(before.figures);
  expect(await page.evaluate(() => 'neverReloaded' in window), 'the page was not loaded again').toBe(true);
  await page.goBack();
  await expect(page).not.toHaveURL(/territoire/);
  await expect(title).toHaveText(before.title!);
  await expect(figures).toHaveText(before.figures);
  await expect(summary, 'the filter says what is shown').toContainText('Tous');
  expect(await page.evaluate(() => 'neverReloaded' in window), 'nor by Back').toBe(true);
});

for (const search of ['', '?periode=2025-T2&territoire=orly', '?periode=2025&cumul=annee&comparer=precedente']) {
  test(`cards and data answer with the same figures: /${search}`, async ({ page }) => {
    await page.goto(`/${search}`);
    const cards = await page.locator('article.card').evaluateAll((all) =>
      all.map((card) => ({
        label: card.querySelector('h3')?.textContent ?? '',
        figure: card.querySelector('.figure')?.textContent ?? '',
        against: card.querySelector('.against')?.textContent ?? ''
      }))
    );
    expect(cards.length).toBeGreaterThan(5);
    const response = await page.request.get(`/${search === '' ? '?' : `${search}&`}format=json`);
    expect(response.headers()['content-type']).toContain('application/json');
    const { tables } = (await response.json()) as {
      tables: { id: string; rows: { header: string; unit: Unit; cells: (Cell | string)[] }[] }[];
    };
    const rows = tables.find(({ id }) => id === 'engagements')!.rows;
    expect(cards.map(({ label }) => plain(label))).toEqual(rows.map(({ header }) => plain(header)));
    for (const [index, { label, figure, against }] of cards.entries()) {
      const [value, , status, change] = rows[index]!.cells;
      const cell = value as Cell;
      if (cell.kind === 'shown') expect(plain(figure), label).toBe(plain(formatCell(cell, rows[index]!.unit)));
      else expect(plain(figure), label).not.toMatch(/\d/);
      expect(plain(against).toLowerCase(), label).toContain(plain(String(status)).toLowerCase());
      expect(plain(against), label).toContain(plain(String(change)));
    }
  });
}

test('CSV opens in a French spreadsheet: BOM, semicolons, decimal comma', async ({ page }) => {
  await page.goto('/indicateurs/part_presentiel');
  const link = page.locator('a[download]').first();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^vigie-.*\.csv$/);
  const bytes = readFileSync(await download.path());
  expect([...bytes.subarray(0, 3)], 'byte order mark').toEqual([0xef, 0xbb, 0xbf]);
  const lines = bytes.subarray(3).toString('utf8').trimEnd().split('\r\n');
  expect(lines.length).toBeGreaterThan(2);
  const widths = new Set(lines.map((line) => line.split(';').length));
  expect([...widths], 'as many cells in every line').toHaveLength(1);
  expect(lines.slice(1).join('\n'), 'decimal comma').toMatch(/;\d+,\d+(;|$)/m);
});
