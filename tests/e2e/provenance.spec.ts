import type { Locator, Page } from '@playwright/test';
import { plain } from './plain-text.ts';
import { expectRulesOfAPage } from './rules-of-a-page.ts';
import { expect, openLive, test } from './watched.ts';

const INDICATOR = '/indicateurs/part_presentiel?periode=2025-T4';
const valueOf = (page: Page) => page.locator('#valeur').getByRole('link', { description: 'D’où vient ce chiffre ?' });

/** What is written, with plain spaces. */
const said = async (place: Locator) => plain((await place.textContent()) ?? '');

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, viewport: scheme === 'dark' ? { width: 390, height: 844 } : null });

    test('the keyboard opens what explains a figure, Escape gives the focus back', async ({ page }) => {
      await openLive(page, INDICATOR);
      const figure = valueOf(page);
      const value = await said(figure);
      await figure.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await expect(dialog).toBeVisible();
      await expect(dialog.getByRole('heading', { level: 2 })).toContainText('en présence de la famille');
      expect(await said(dialog.getByText('÷'))).toContain(value);
      await expect(page, 'the page stays').toHaveURL(new RegExp('/indicateurs/part_presentiel'));
      await expectRulesOfAPage(page);
      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(figure).toBeFocused();
    });
  });
}

test('a figure of the overview opens over it; back closes it; its address is a page of its own', async ({ page }) => {
  await openLive(page, '/?periode=2025-T4&territoire=orly');
  const figure = page.locator('article.card').first().getByRole('link', { description: 'D’où vient ce chiffre ?' });
  const value = await said(figure);
  await figure.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Territoire', { exact: true })).toBeVisible();
  await page.goBack();
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/\?periode=2025-T4&territoire=orly$/);
  await figure.click();
  const address = await dialog.getByRole('textbox', { name: 'Adresse de ce chiffre' }).inputValue();
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await expect(dialog).toBeHidden();
  // Its history entry goes once the dialog is closed: leaving the page before would be aborted.
  await expect(page.locator('dialog header')).toHaveCount(0);
  await page.goto(address);
  expect(await said(page.locator('.stat .value').first())).toBe(value);
  await expectRulesOfAPage(page);
});

test('the address can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openLive(page, '/chiffres/part_presentiel?periode=2025-T4');
  await page.getByRole('button', { name: 'Copier l’adresse' }).click();
  await expect(page.getByText('Adresse copiée.')).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/\/chiffres\/part_presentiel\?periode=2025-T4&version=\w+$/);
  await page.goto(copied.replace(/version=\w+/, 'version=ancienne'));
  await expect(page.getByText('Les données ont changé depuis ce lien')).toBeVisible();
});

test('a figure of the table behind a chart explains itself', async ({ page }) => {
  await openLive(page, INDICATOR);
  await page.locator('#ventilation summary').first().click();
  const cell = page.locator('#ventilation tbody tr').first().getByRole('link').first();
  await cell.click();
  await expect(page.getByRole('dialog').getByText('Territoire', { exact: true })).toBeVisible();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a figure leads to the page that explains it', async ({ page }) => {
    await page.goto(INDICATOR);
    const figure = valueOf(page);
    const value = await said(figure);
    await figure.click();
    await expect(page).toHaveURL(/\/chiffres\/part_presentiel\?periode=2025-T4$/);
    expect(await said(page.locator('.stat .value').first())).toBe(value);
    await expect(page.getByRole('link', { name: 'Lien vers ce chiffre' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copier l’adresse' })).toHaveCount(0);
    await page.getByRole('combobox', { name: 'Période', exact: true }).selectOption('2025-T2');
    await page.getByRole('button', { name: 'Appliquer' }).click();
    await expect(page).toHaveURL(/\/chiffres\/part_presentiel\?.*periode=2025-T2/);
  });
});
