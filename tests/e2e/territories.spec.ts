import { expect, openLive, test } from './watched.ts';

const map = '#carte figure';

test('from a level and an indicator to a commune and those like it', async ({ page }) => {
  await openLive(page, '/territoires?periode=2025-T2&offre=separation');
  await page.getByRole('navigation', { name: 'Niveau de la carte' }).getByRole('link', { name: 'Communes' }).click();
  await expect(page).toHaveURL(/periode=2025-T2.*offre=separation.*niveau=commune/);
  await page.getByRole('combobox', { name: 'Indicateur', exact: true }).selectOption('part_presentiel');
  await expect(page).toHaveURL(/indicateur=part_presentiel/);
  await expect(page).toHaveURL(/niveau=commune/);
  await expect(page).toHaveURL(/offre=separation/);
  await page.getByRole('combobox', { name: 'Commune étudiée' }).selectOption('94081');
  await expect(page.getByRole('heading', { level: 2, name: 'Vitry-sur-Seine' })).toBeVisible();
  await expect(page.locator('#commune table')).toContainText('Les 5 communes semblables');
  // A filter keeps the choice.
  await page.getByRole('combobox', { name: 'Période', exact: true }).selectOption('2025-T3');
  await expect(page).toHaveURL(/periode=2025-T3/);
  await expect(page).toHaveURL(/niveau=commune.*indicateur=part_presentiel.*commune=94081/);
});

test('an area of the map opens its page with Enter', async ({ page }) => {
  await openLive(page, '/territoires?niveau=commune');
  const areas = page.locator(`${map} svg:visible .area`);
  await expect(areas).toHaveCount(47);
  await expect(areas.first()).toHaveAttribute('aria-label', /pour.1.000/);
  await areas.first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/niveau=commune&commune=94\d{3}#commune$/);
  await expect(page.locator('#commune')).toBeVisible();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the choice is a form that keeps the filters', async ({ page }) => {
    await page.goto('/territoires?periode=2025-T2&niveau=commune');
    await page.getByRole('combobox', { name: 'Indicateur', exact: true }).selectOption('part_presentiel');
    const choice = page.getByRole('search', { name: 'Ce que montre la carte' });
    await choice.getByRole('button', { name: 'Appliquer' }).click();
    await expect(page).toHaveURL(/periode=2025-T2.*niveau=commune.*indicateur=part_presentiel/);
    await expect(page.locator(`${map} h3`)).toContainText('Part du présentiel');
  });
});
