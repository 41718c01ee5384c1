import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { confirm } from './deposit.ts';
import { plain } from './plain-text.ts';
import { expect, openLive, test } from './watched.ts';

const HEADER = 'rendez_vous;intervention;agent;date;modalite;lieu;statut;duree_minutes;temps_global_minutes\n';

/** A file of so many meetings, written line by line. */
async function writeMeetings(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(HEADER);
  for (let i = 0; i < rows; i++) {
    const day = `${String((i % 28) + 1).padStart(2, '0')}/${String((i % 12) + 1).padStart(2, '0')}/2024`;
    const line = `V${i};I${i % 5000};A${String(i % 40).padStart(2, '0')};${day};telephone;;honore;45;120\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

test('a long file: progress is told, pages answer meanwhile, it is given up, then imported @nuit', async ({
  page,
  request
}, info) => {
  test.setTimeout(300_000);
  const path = info.outputPath('million.csv');
  await writeMeetings(path, 1_000_000);
  const drop = async () => {
    await openLive(page, '/donnees');
    await page.getByLabel('Extraits à importer').setInputFiles(path);
    await page.getByRole('button', { name: 'Lire ces fichiers' }).click();
    await page.waitForURL(/\/donnees\/depots\//, { timeout: 60_000 });
  };
  await drop();
  await expect(page.getByRole('status')).toContainText(/(Lecture|Contrôle|Préparation|Calcul)/);
  expect((await request.get('/?format=json')).status(), 'a page answers meanwhile').toBe(200);
  await page.getByRole('button', { name: 'Interrompre' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('rien n’a été enregistré', { timeout: 30_000 });

  await drop();
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 200_000 });
  expect(plain((await page.locator('.accounting').textContent())!)).toBe('1 000 000 lignes lues = 1 000 000 acceptées');
  const files = await confirm(page);
  await files.getByRole('link', { name: 'million.csv' }).click();
  await page.getByText('Annuler ce lot…').click();
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await expect(page.getByRole('heading', { name: 'Lot annulé' })).toBeVisible({ timeout: 60_000 });
});
