import { interventionsFile, meetings, meetingsFile } from './extract-files.ts';
import { engagement } from './figures.ts';
import { plain } from './plain-text.ts';
import { expect, test } from './watched.ts';

test.use({ javaScriptEnabled: false });

test('import and undo by plain forms', async ({ page, request }) => {
  // Keys of their own: other tests may have left rows in this store.
  const before = await engagement(request, 'Part du présentiel');
  const file = meetingsFile('sans-script.csv', meetings('S', 200, 'visite_domicile'));
  await page.goto('/donnees');
  await page.getByLabel('Extraits à importer').setInputFiles([interventionsFile('sans-script-i.csv'), file]);
  await page.getByRole('button', { name: 'Lire ces fichiers' }).click();
  const report = page.locator('#fichiers');
  // The page comes back by itself until the files are read.
  await expect(report).toContainText('200 lignes lues = 200 acceptées', { timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Ce que cela changerait' })).toBeVisible();
  await page.getByRole('button', { name: /^Enregistrer/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Import enregistré');
  expect(await engagement(request, 'Part du présentiel')).not.toBe(before);

  await report.getByRole('link', { name: file.name }).click();
  await page.getByText('Annuler ce lot…').click();
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await expect(page.getByRole('heading', { name: 'Lot annulé' })).toBeVisible();
  await expect(page.getByText('Ce lot est annulé')).toBeVisible();
  expect(await engagement(request, 'Part du présentiel')).toBe(before);
  await page.goto('/donnees');
  expect(plain((await page.locator('#journal tbody tr').first().textContent())!)).toMatch(/annulé$|actif$/);
  await expect(page.locator('#journal tbody tr', { hasText: file.name })).toContainText('annulé');
});
