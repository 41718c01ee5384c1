import { unknownFile } from '../support/profile-files.ts';
import { xlsx } from '../support/workbooks.ts';
import { confirm, drop, read } from './deposit.ts';
import { csvFile, meetings, meetingsFile } from './extract-files.ts';
import { plain } from './plain-text.ts';
import { expectRulesOfAPage } from './rules-of-a-page.ts';
import { expect, openLive, test } from './watched.ts';

test.use({ refusalsExpected: true });
// One story told in order: each test begins where the one before it ended.
test.describe.configure({ mode: 'serial' });

const PROFILE = 'agenda-creteil';

test('an unknown file: mapped with the assistant, seen, confirmed, undone', async ({ page }) => {
  await drop(page, [csvFile('octobre.csv', [...unknownFile(120), 'Total;;;;;;;5000;'])]);
  await expect(page.locator('#fichiers')).toContainText('Colonnes à associer');
  await expectRulesOfAPage(page);
  await page.getByRole('link', { name: 'Associer les colonnes' }).click();

  await expect(page.getByLabel('Colonne du fichier pour Modalité')).toHaveValue("Type d'entretien");
  await expect(page.getByLabel('Sens de « Entretien physique »', { exact: false })).toHaveValue('presentiel');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Toutes les lignes de l’aperçu sont lisibles');
  await expect(page.locator('#apercu tbody tr')).toHaveCount(50);
  expect(await page.locator('#apercu').textContent(), 'who is met is never shown').not.toMatch(/NOM\d/);
  await expectRulesOfAPage(page);

  await test.step('the preview follows each change, where the reader is', async () => {
    const status = page.getByLabel('Colonne du fichier pour Statut');
    await status.selectOption('');
    await expect(page.getByText('Sans elle, aucune ligne n’est acceptée.')).toBeVisible();
    await expect(page.locator('#apercu')).toContainText('50 rejetées');
    await status.selectOption("Issue de l'entretien");
    await expect(page.locator('#apercu')).toContainText('50 acceptées');
  });

  await page.getByLabel('Nom du profil').fill(PROFILE);
  await page.getByLabel('Pour s’y retrouver').fill('Agenda du site de Créteil');
  await page.getByRole('button', { name: 'Lire le fichier ainsi' }).click();
  await page.waitForURL(/\/donnees\/depots\/[0-9a-f]+(\?|$)/);
  await read(page);
  await expect(page.locator('#fichiers')).toContainText(`profil « ${PROFILE} »`);
  expect(plain((await page.locator('.accounting').textContent())!)).toBe('121 lignes lues = 120 acceptées + 1 ignorée');
  await expect(page.locator('#effet')).toContainText(/engagements? change/);

  const files = await confirm(page);
  await files.getByRole('link', { name: 'octobre.csv' }).click();
  await page.getByText('Annuler ce lot…').click();
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await expect(page.getByRole('heading', { name: 'Lot annulé' })).toBeVisible();
});

test('next month’s file, in a workbook this time: nothing is asked', async ({ page }) => {
  const rows = unknownFile(80, '2025-11').map((line) => line.split(';'));
  const buffer = await xlsx([{ name: 'Novembre', rows: [['Agenda de Créteil'], [], ...rows] }]);
  await drop(page, [{ name: 'novembre.xlsx', mimeType: 'application/octet-stream', buffer }]);
  await expect(page.locator('#fichiers')).toContainText('Prêt');
  await expect(page.locator('#fichiers')).toContainText('classeur XLSX, feuille « Novembre »');
  expect(plain((await page.locator('.accounting').textContent())!)).toBe('82 lignes lues = 80 acceptées + 2 ignorées');
  await expectRulesOfAPage(page);
  const files = await confirm(page);
  await files.getByRole('link', { name: 'novembre.xlsx' }).click();
  await page.getByText('Annuler ce lot…').click();
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await expect(page.getByRole('heading', { name: 'Lot annulé' })).toBeVisible();
});

test('a profile is shared: downloaded, removed, added again', async ({ page }) => {
  await page.goto('/donnees/profils');
  await expectRulesOfAPage(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: `Télécharger ${PROFILE}` }).click()
  ]);
  const path = await download.path();
  await page.getByRole('button', { name: `Supprimer ${PROFILE}` }).click();
  await expect(page.getByRole('status')).toContainText('est supprimé');
  await page.getByLabel('Fichier du profil (.yaml)').setInputFiles({
    ...{ name: 'faux.yaml', mimeType: 'text/yaml' },
    buffer: Buffer.from('profil: x\ntype: rien\n')
  });
  await page.getByRole('button', { name: 'Ajouter ce profil' }).click();
  await expect(page.getByRole('alert')).toContainText('faux.yaml, ligne');
  await page.getByLabel('Fichier du profil (.yaml)').setInputFiles(path);
  await page.getByRole('button', { name: 'Ajouter ce profil' }).click();
  await expect(page.getByRole('status')).toContainText('est enregistré');
});

test('dates that read both ways are a question', async ({ page }) => {
  const file = meetingsFile(
    'mars.csv',
    meetings('Q', 3, 'visio').map((line) => line.replace(/\d\d\/10\/2025/, '03/04/2025'))
  );
  await drop(page, [file]);
  await expect(page.locator('#fichiers')).toContainText('Que veut dire « 03/04/2025 » ?');
  await expect(page.getByRole('button', { name: /^Enregistrer/ })).toHaveCount(0);
  await expectRulesOfAPage(page);
  await page.getByRole('button', { name: 'Mois/jour : 4 mars' }).click();
  await read(page);
  await expect(page.locator('#fichiers')).toContainText('dates mois/jour');
  await expect(page.getByRole('button', { name: /^Enregistrer/ })).toBeVisible();
  await page.getByRole('button', { name: 'Abandonner ce dépôt' }).click();
});

test('a file is left aside and taken back; its reading is corrected', async ({ page }) => {
  await drop(page, [
    meetingsFile('a.csv', meetings('Y', 13, 'visio')),
    meetingsFile('b.csv', meetings('Z', 4, 'visio'))
  ]);
  await page.getByRole('button', { name: 'Laisser de côté : b.csv' }).click();
  await read(page);
  await expect(page.getByRole('button', { name: 'Enregistrer 13 lignes' })).toBeVisible();
  await page.getByRole('button', { name: 'Reprendre ce fichier : b.csv' }).click();
  await read(page);
  await expect(page.getByRole('button', { name: 'Enregistrer 17 lignes' })).toBeVisible();
  const first = page.getByRole('article', { name: 'a.csv' });
  await first.getByText('Corriger la lecture').click();
  await first.getByLabel('Séparateur').selectOption(',');
  await first.getByRole('button', { name: 'Relire ainsi' }).click();
  await read(page);
  await expect(page.getByRole('article', { name: 'a.csv' })).not.toContainText('Prêt');
  await page.getByRole('button', { name: 'Abandonner ce dépôt' }).click();
});

test('a deposit of every kind of file is open to all, at each width and in both themes', async ({ page }) => {
  await drop(page, [
    csvFile('octobre.csv', unknownFile(30)),
    csvFile('inconnu.csv', ['Chose;Autre chose', 'a1;b2', 'a3;b4']),
    meetingsFile('mots.csv', [...meetings('W', 13, 'fusée'), ...meetings('X', 14, 'visio')]),
    meetingsFile(
      'dates.csv',
      meetings('D', 2, 'visio').map((line) => line.replace(/\d\d\/10\/2025/, '03/04/2025'))
    ),
    { name: 'vide.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) }
  ]);
  await expect(page.locator('#fichiers')).toContainText('« fusée » (13)');
  const deposit = page.url();
  for (const address of [deposit, `${deposit.split('?')[0]}/2`, `${deposit.split('?')[0]}/3`]) {
    await openLive(page, address);
    for (const summary of await page.getByText('Corriger la lecture').all()) await summary.click();
    for (const [width, colorScheme] of [
      [1440, 'light'],
      [1024, 'dark'],
      [390, 'light'],
      [390, 'dark']
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await expectRulesOfAPage(page);
    }
  }
  await page.goto(deposit);
  await page.getByRole('button', { name: 'Abandonner ce dépôt' }).click();
});

const STRANGE = ['Ville;Dossiers payés;Foyers RSA socle', 'Créteil;19350;1200', 'Orly;8000;700', 'Trifouilly;1;1'];

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled });

    test('a table of communes nobody knows: its columns are said, the totals seen, it is recorded and undone', async ({
      page
    }) => {
      const name = javaScriptEnabled ? 'dossiers.csv' : 'dossiers-sans-script.csv';
      await page.goto('/donnees');
      await page.getByLabel('Extraits à importer').setInputFiles([csvFile(name, STRANGE)]);
      await page.getByRole('button', { name: 'Lire ces fichiers' }).click();
      const files = page.locator('#fichiers');
      await expect(files).toContainText('Colonnes à associer', { timeout: 30_000 });
      await page.getByRole('button', { name: 'C’est un fichier de contexte' }).click();

      await expect(page.getByLabel('Commune (code Insee ou nom)')).toHaveValue('Ville', { timeout: 30_000 });
      await expect(page.getByLabel('Variable de la colonne Foyers RSA socle')).toHaveValue('rsa');
      const counts = page.getByLabel('Variable de la colonne Dossiers payés');
      await expect(counts).toHaveValue('');
      if (javaScriptEnabled) {
        for (const width of [1440, 390]) {
          await page.setViewportSize({ width, height: 900 });
          await expectRulesOfAPage(page);
        }
      }
      await counts.selectOption('rsa');
      await page.getByLabel('Année des valeurs').fill('2024');
      await page.getByRole('button', { name: 'Lire le fichier ainsi' }).click();
      await expect(files).toContainText('donnent la même variable', { timeout: 30_000 });
      await counts.selectOption('allocataires');
      await page.getByRole('button', { name: 'Lire le fichier ainsi' }).click();

      await expect(files).toContainText('2 variables', { timeout: 30_000 });
      await expect(files).toContainText('Trifouilly');
      if (javaScriptEnabled) await expectRulesOfAPage(page);
      await page.getByRole('button', { name: 'Enregistrer 4 valeurs de contexte' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Import enregistré', { timeout: 30_000 });
      await files.getByRole('link', { name, exact: true }).click();
      await page.getByText('Annuler ce lot…').click();
      await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
      await expect(page.getByRole('heading', { name: 'Lot annulé' })).toBeVisible();
    });
  });
}
