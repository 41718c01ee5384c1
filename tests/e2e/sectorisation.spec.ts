import type { Page } from '@playwright/test';
import { plain } from './plain-text.ts';
import { expectRulesOfAPage } from './rules-of-a-page.ts';
import { expect, openLive, test } from './watched.ts';

const PAGE = '/territoires/sectorisation';
const title = async (page: Page) => plain((await page.getByRole('heading', { level: 1 }).textContent()) ?? '');
const choice = (page: Page, commune: string) =>
  page.getByRole('combobox', { name: `Territoire de ${commune}`, exact: true });
/** What the table of effects says of a territoire. */
const effectOf = async (page: Page, territoire: string) =>
  plain((await page.locator('#effet').getByRole('row').filter({ hasText: territoire }).first().textContent()) ?? '');

test.describe('a draft', () => {
  test('is made from the keyboard: the effect is told at once, in place, and goes back', async ({ page }) => {
    await openLive(page, PAGE);
    expect(await title(page)).toMatch(/^47 communes, 3 territoires : .* familles par ETP séparent/);
    const before = await effectOf(page, 'Orly');
    await choice(page, 'Rungis').focus();
    await page.keyboard.press('ArrowDown');
    await expect(page).toHaveURL(/[?&]deplacer=94065:champigny&au=2026-04-01$/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('1\u00a0commune déplacée');
    await expect(choice(page, 'Rungis'), 'focus kept').toBeFocused();
    await expect(page.locator('#communes').getByRole('status')).toContainText('écart de familles par ETP');
    await expect(page.locator('#effet')).toContainText('Rungis serait séparée du reste de Champigny-sur-Marne');
    expect(await effectOf(page, 'Orly')).not.toBe(before);
    await expectRulesOfAPage(page);
    await page.keyboard.press('ArrowUp');
    await expect(page).not.toHaveURL(/deplacer/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('séparent');
    expect(await effectOf(page, 'Orly')).toBe(before);
    await page.goBack();
    await expect(choice(page, 'Rungis')).toHaveValue('94065:champigny');
    await page.getByRole('link', { name: 'Tout annuler' }).press('Enter');
    await expect(choice(page, 'Rungis')).toHaveValue('');
  });

  test('is shown on the map, whose communes lead to their row', async ({ page }) => {
    await openLive(page, `${PAGE}?deplacer=94028:orly&au=2026-04-01`);
    const map = page.locator('#communes figure svg');
    await expect(map.locator('path.moved')).toHaveCount(1);
    await expect(map.locator('text.rank')).toHaveText('1');
    await map.locator('a[href="#c-94065"] path').click();
    await expect(choice(page, 'Rungis')).toBeFocused();
    await page.getByRole('combobox', { name: 'Période', exact: true }).selectOption('2025-T2');
    await expect(page).toHaveURL(/periode=2025-T2/);
    await expect(page).toHaveURL(/deplacer=94028(:|%3A)orly/);
    await expect(map.locator('path.moved'), 'the draft is kept').toHaveCount(1);
  });

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('is a form whose answer holds in a short address', async ({ page }) => {
      await page.goto(`${PAGE}?periode=2025-T3`);
      await choice(page, 'Créteil').selectOption('Orly');
      await choice(page, 'Vincennes').selectOption('Créteil');
      await page.getByLabel('À partir du').fill('2026-07-01');
      await page.getByRole('button', { name: 'Voir l’effet' }).first().click();
      await expect(page).toHaveURL(`${PAGE}?periode=2025-T3&au=2026-07-01&deplacer=94028:orly,94080:creteil`);
      expect(await title(page)).toMatch(/^2 communes déplacées : /);
      await expect(choice(page, 'Créteil')).toHaveValue('94028:orly');
      await page.getByRole('link', { name: /^annuler Créteil/ }).click();
      expect(await title(page)).toMatch(/^1 commune déplacée : /);
    });
  });
});

test.describe('what cannot be', () => {
  test.use({ refusalsExpected: true });

  test('is refused in a sentence', async ({ page }) => {
    const response = await page.goto(`${PAGE}?deplacer=94065:versailles`);
    expect(response?.status()).toBe(400);
    await expect(page.locator('main')).toContainText('n’est pas un territoire en vigueur');
    await expectRulesOfAPage(page);
  });
});
