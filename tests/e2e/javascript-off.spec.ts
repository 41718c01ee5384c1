import { expect, test } from './watched.ts';

test.use({ javaScriptEnabled: false });

test('the filter bar is a GET form: the page shows the filtered figures', async ({ page }) => {
  await page.goto('/');
  const figures = page.locator('article.card .figure');
  const whole = await figures.allTextContents();
  await page.locator('summary', { hasText: 'Territoire' }).click();
  await page.getByRole('checkbox', { name: 'Orly' }).check();
  await page.getByRole('combobox', { name: 'Période', exact: true }).selectOption('2025-T2');
  await page.getByRole('button', { name: 'Appliquer' }).click();
  await expect(page).toHaveURL(/periode=2025-T2/);
  await expect(page).toHaveURL(/territoire=orly/);
  const filtered = await figures.allTextContents();
  expect(filtered).not.toEqual(whole);
  await page.goto('/?periode=2025-T2&territoire=orly');
  expect(await figures.allTextContents(), 'the same as the short address').toEqual(filtered);
  await page.getByRole('link', { name: /Retirer le filtre.*Orly/ }).click();
  await expect(page).not.toHaveURL(/territoire/);
});

test('the menu leads to each page and carries the period', async ({ page }) => {
  await page.goto('/?periode=2025-T2');
  const names = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
    await expect(page.locator('[aria-current="page"]')).toHaveText(name);
    await expect(page.getByRole('heading', { level: 1 }), name).toHaveCount(1);
    await expect(page).toHaveURL(/periode=2025-T2/);
  }
});

test('a chart opens its table', async ({ page }) => {
  await page.goto('/indicateurs/part_presentiel');
  const figure = page.locator('figure').first();
  await expect(figure.locator('svg').first()).toBeVisible();
  const table = figure.getByRole('table');
  await expect(table).toBeHidden();
  await figure.getByText('Voir le tableau').click();
  await expect(table).toBeVisible();
  expect(await table.locator('tbody tr').count()).toBeGreaterThan(1);
});
