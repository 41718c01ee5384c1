import type { Page } from '@playwright/test';
import { plain } from './plain-text.ts';
import { expectRulesOfAPage } from './rules-of-a-page.ts';
import { expect, openLive, test } from './watched.ts';

test.use({ refusalsExpected: true });
// One store, one story: each test takes back what it changed.
test.describe.configure({ mode: 'serial' });

async function fillDecision(page: Page, effet: string, motif = 'Révision annuelle'): Promise<void> {
  await page.locator('[name=effet]').fill(effet);
  await page.locator('[name=auteur]').fill('Direction');
  await page.locator('[name=motif]').fill(motif);
  await page.locator('[name=source]').fill('Note du 3 mars 2025');
}

/** The dates of the rows of an offer, today's first. */
async function rowsOf(page: Page, name: string): Promise<string[]> {
  const rows = page
    .locator('main')
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  return (await rows.locator('td:nth-last-child(2)').allTextContents()).map((text) => plain(text).trim());
}

async function takeBack(page: Page): Promise<void> {
  await page.goto('/referentiel');
  await page.getByText('Reprendre le dernier changement…').click();
  const form = page.locator('#historique form');
  await form.locator('[name=auteur]').fill('Direction');
  await form.locator('[name=motif]').fill('Essai terminé');
  await form.locator('[name=source]').fill('Décision du jour');
  await form.getByRole('button', { name: 'Reprendre ce changement' }).click();
  await expect(page.getByRole('status')).toContainText('Le dernier changement est repris');
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('an offer is changed from a date, told in the history, and taken back', async ({ page }) => {
    await page.goto('/referentiel');
    await page
      .locator('#offres')
      .getByRole('link', { name: /^Modifier/ })
      .click();
    await page.getByRole('link', { name: 'Séparation', exact: true }).click();
    await page.locator('[name="valeur.socle"]').selectOption('non');
    await fillDecision(page, '2025-03-01', '<b>Révision</b> « annuelle »');
    await page.getByRole('button', { name: 'Voir l’effet d’abord' }).click();
    await expect(page.getByRole('status')).toContainText('rien n’est encore enregistré');
    await expect(page.locator('[name="valeur.socle"]')).toHaveValue('non');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('status')).toContainText('C’est enregistré, avec effet au 1er mars 2025');
    expect(await rowsOf(page, 'Séparation')).toEqual([
      'depuis le 1er mars 2025',
      'du 1er octobre 2009 au 28 février 2025'
    ]);
    await expect(page.locator('#historique')).toContainText('Socle national : oui → non');
    await expect(page.locator('#historique'), 'what was typed is text').toContainText('<b>Révision</b>');
    await takeBack(page);
    await page.goto('/referentiel/offres');
    expect(await rowsOf(page, 'Séparation')).toEqual(['depuis le 1er octobre 2009']);
  });

  test('what is refused is told, and what was typed is still there', async ({ page }) => {
    await page.goto('/referentiel/objectifs?ligne=part_socle%7C');
    await page.locator('[name="valeur.valeur"]').fill('beaucoup');
    await fillDecision(page, '2025-03-01');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('alert')).toContainText('« Valeur »');
    await expect(page.getByRole('alert')).toContainText('un nombre positif ou nul est attendu');
    await expect(page.locator('[name="valeur.valeur"]')).toHaveValue('beaucoup');
    await expect(page.locator('[name=motif]')).toHaveValue('Révision annuelle');
  });
});

test('with JavaScript: the form stays in place, a place is ended, a break of series is declared then withdrawn', async ({
  page
}) => {
  await openLive(page, '/referentiel/lieux?ligne=eds_vitry');
  await expectRulesOfAPage(page);
  await page.getByRole('radio', { name: 'Mettre fin à cette date' }).check();
  await fillDecision(page, '2025-09-01');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('status')).toContainText('C’est enregistré');
  expect(await rowsOf(page, 'EDS de Vitry-sur-Seine')).toEqual(['du 1er janvier 2021 au 31 août 2025']);
  await expectRulesOfAPage(page);
  await takeBack(page);

  await openLive(page, '/referentiel/ruptures');
  await page.locator('[name="cle.indicateur"]').selectOption('taux_contact');
  await fillDecision(page, '2025-02-01', 'Appels sortants');
  await page.getByRole('button', { name: 'Déclarer à cette date' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^1.rupture de série$/);
  await page.goto('/indicateurs/taux_contact');
  await expect(page.locator('#histoire')).toContainText('Appels sortants');
  await takeBack(page);
});
