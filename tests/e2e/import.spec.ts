import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { EMPTY } from '../support/e2e-stores.ts';
import { confirm, drop, read, upload } from './deposit.ts';
import { interventionsFile, meetings, meetingsFile, type UploadedFile } from './extract-files.ts';
import { engagement } from './figures.ts';
import { plain } from './plain-text.ts';
import { expect, openLive, test } from './watched.ts';

test.use({ refusalsExpected: true });
// One story told in order: each test begins where the one before it ended.
test.describe.configure({ mode: 'serial' });

const PRESENTIEL = 'Part du présentiel';
/** 30 meetings in presence of 40: 75 %. With ten more by telephone: 30 of 50, 60 %. */
const FIRST = meetingsFile('rendez-vous.csv', [
  ...meetings('P', 30, 'presentiel'),
  ...meetings('T', 10, 'telephone'),
  'X1;I1;A01;31/11/2025;presentiel;creteil;honore;45;90',
  'Total;;;;;;;1800;3600'
]);
const LATER = meetingsFile('rendez-vous-novembre.csv', meetings('N', 10, 'telephone'));

/** Rows of the journal as text, the latest import first. */
async function journal(page: Page): Promise<string[]> {
  await page.goto('/donnees');
  return (await page.locator('#journal tbody tr').allTextContents()).map(plain);
}

async function undo(page: Page, file: string): Promise<void> {
  await openLive(page, '/donnees');
  await page.locator('#journal').getByRole('link', { name: file, exact: true }).first().click();
  await page.getByText('Annuler ce lot…').click();
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).click();
  await expect(page.getByRole('heading', { name: 'Lot annulé' })).toBeVisible();
}

test('a store without data teaches what to do', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('Aucune donnée n’est encore chargée')).toBeVisible();
  await expect(page.locator('article.card'), 'no card without data').toHaveCount(0);
  await page.getByRole('link', { name: 'Charger des extraits' }).click();
  await expect(page).toHaveURL(/\/donnees/);
  await expect(page.getByLabel('Extraits à importer')).toBeVisible();
  await expect(page.getByText('Une clé déjà connue remplace l’ancienne ligne'), 'the contract is open').toBeVisible();
});

test('what files hold and would change is shown first; abandoned, they leave nothing', async ({ page, request }) => {
  await drop(page, [interventionsFile(), FIRST]);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('À confirmer : 60 lignes');
  await expect(page.locator('#fichiers')).toContainText('40 acceptées');
  await expect(page.locator('#effet').getByRole('row', { name: PRESENTIEL })).toContainText('75,0');
  expect(await journal(page)).toEqual([]);
  await page.getByRole('link', { name: /Un dépôt attend votre confirmation/ }).click();
  await page.getByRole('button', { name: 'Abandonner ce dépôt' }).click();
  await expect(page).toHaveURL(/\/donnees(\?|$)/);
  await expect(page.getByText('Un dépôt attend')).toHaveCount(0);
  expect(await journal(page)).toEqual([]);
  expect(await engagement(request, PRESENTIEL)).toBeNull();
});

test('importing by the page: the accounting balances, each reject has its place and reason, figures come', async ({
  page,
  request
}) => {
  const report = await upload(page, [interventionsFile(), FIRST]);
  const accounts = (await report.locator('.accounting').allTextContents()).map(plain);
  expect(accounts).toEqual(['20 lignes lues = 20 acceptées', '42 lignes lues = 40 acceptées + 1 rejetée + 1 ignorée']);
  await report.getByText('1 motif de rejet').click();
  const reject = report.getByRole('region', { name: 'Lignes rejetées' }).locator('tbody tr');
  await expect(reject).toHaveCount(1);
  // 1 header, 40 meetings, then the 31st of November.
  expect((await reject.locator('th, td').allTextContents()).map(plain).slice(0, 3)).toEqual([
    '42',
    'date',
    '31/11/2025'
  ]);
  await expect(reject.locator('td').last(), 'a reason in words').toHaveText(/\p{L}{3,}.*\p{L}{3,}/u);

  expect(await engagement(request, PRESENTIEL)).toBe('75,0 %');
  await page.goto('/');
  const card = page.locator('article.card', { hasText: PRESENTIEL });
  expect(plain((await card.locator('.figure').textContent())!)).toBe('75,0 %');
});

test('the same files again bring only doublons', async ({ page, request }) => {
  await drop(page, [interventionsFile(), FIRST]);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('rien de nouveau');
  const report = await confirm(page);
  expect((await report.locator('.accounting').allTextContents()).map(plain)).toEqual([
    '20 lignes lues = 20 doublons',
    '42 lignes lues = 40 doublons + 1 rejetée + 1 ignorée'
  ]);
  await expect(report.getByText('Tout était déjà dans les données : rien ne change.')).toHaveCount(2);
  expect(await engagement(request, PRESENTIEL)).toBe('75,0 %');
});

test('the server sees what the command line imports', async ({ request }, info) => {
  const path = info.outputPath(LATER.name);
  writeFileSync(path, LATER.buffer);
  const { stdout } = await promisify(execFile)(
    'npm',
    ['run', '-s', 'vigie', '--', 'import', path, '--format', 'json'],
    { cwd: EMPTY.cwd, env: { ...process.env, ...EMPTY.env } }
  );
  expect(JSON.parse(stdout).lots[0]).toMatchObject({ type: 'rendez_vous', acceptees: 10, rejetees: 0 });
  await expect
    .poll(() => engagement(request, PRESENTIEL), { timeout: 1000, message: 'seen within a second' })
    .toBe('60,0 %');
});

test('undone by the page, the figures return', async ({ page, request }) => {
  await undo(page, LATER.name);
  await expect(page.locator('#effet').getByRole('row', { name: PRESENTIEL })).toContainText('75,0');
  expect(await engagement(request, PRESENTIEL)).toBe('75,0 %');
  expect((await journal(page))[0], 'the journal keeps it, marked').toMatch(/^rendez-vous-novembre\.csv.*annulé$/);
});

test('a double click imports once', async ({ page, request }) => {
  const before = await journal(page);
  await openLive(page, '/donnees');
  await page.getByLabel('Extraits à importer').setInputFiles([LATER]);
  await page.getByRole('button', { name: 'Lire ces fichiers' }).dblclick();
  await page.waitForURL(/\/donnees\/depots\//);
  await read(page);
  await page.getByRole('button', { name: /^Enregistrer/ }).dblclick();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Import enregistré');
  await expect(page.locator('#fichiers .accounting')).toContainText('10 lignes lues = 10 acceptées');
  expect(await engagement(request, PRESENTIEL)).toBe('60,0 %');
  expect((await journal(page)).length, 'one more line in the journal').toBe(before.length + 1);
});

test('a double click undoes once, without an error', async ({ page, request }) => {
  await openLive(page, '/donnees');
  await page.locator('#journal').getByRole('link', { name: LATER.name, exact: true }).first().click();
  await page.getByText('Annuler ce lot…').click();
  await page.getByRole('button', { name: 'Confirmer l’annulation' }).dblclick();
  await expect(page.getByRole('heading', { name: 'Lot annulé' })).toBeVisible();
  await expect(page.getByText('Annulation refusée')).toHaveCount(0);
  expect(await engagement(request, PRESENTIEL)).toBe('75,0 %');
});

const HOSTILE = '<img src=x onerror=document.title="pris">; rm -rf ..csv';

test('a hostile file name is only text', async ({ page }) => {
  const report = await upload(page, [meetingsFile(HOSTILE, meetings('H', 3, 'visio'))]);
  await expect(report.getByRole('heading', { level: 3 }).first()).toContainText(HOSTILE);
  await expect(page.locator('img'), 'no markup from a name').toHaveCount(0);
  await page.getByRole('link', { name: HOSTILE }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(HOSTILE);
  await expect(page.locator('img')).toHaveCount(0);
  await undo(page, HOSTILE);
});

const REFUSED: { name: string; file: UploadedFile; says: RegExp }[] = [
  {
    name: 'an empty file',
    file: { name: 'vide.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) },
    says: /vide\.csv : fichier refusé/
  },
  {
    name: 'a PDF',
    file: { name: 'rdv.csv', mimeType: 'text/csv', buffer: Buffer.from('%PDF-1.7 rien') },
    says: /rdv\.csv : fichier refusé/
  },
  {
    name: 'an old workbook',
    file: { name: 'rdv.xlsx', mimeType: 'text/csv', buffer: Buffer.from('d0cf11e0a1b11ae1', 'hex') },
    says: /rdv\.xlsx : fichier refusé/
  },
  {
    name: 'a broken Parquet file',
    file: { name: 'rdv.parquet', mimeType: 'application/octet-stream', buffer: Buffer.from('PAR1 coupé PAR1') },
    says: /rdv\.parquet Refusé/
  }
];

for (const { name, file, says } of REFUSED) {
  test(`${name} is refused in a clear sentence, and the journal does not move`, async ({ page }) => {
    const before = await journal(page);
    await drop(page, [file]);
    const words = plain((await page.locator('#fichiers').textContent())!);
    expect(words).toMatch(says);
    const reason = words.split(/fichier refusé|Refusé/)[1]!;
    expect(reason, 'a reason follows').toMatch(/(\p{L}{2,}.*){5}/u);
    expect(reason, 'no inner word of the machine').not.toMatch(/Error|undefined|null|\/tmp|at .*:\d+|exception/i);
    await expect(page.getByRole('button', { name: /^Enregistrer/ })).toHaveCount(0);
    await page.getByRole('button', { name: 'Abandonner ce dépôt' }).click();
    expect(await journal(page)).toEqual(before);
  });
}

test('nothing chosen: the page says what to do', async ({ page }) => {
  await openLive(page, '/donnees');
  await page.getByRole('button', { name: 'Lire ces fichiers' }).click();
  await expect(page.getByRole('alert')).toContainText('Aucun fichier n’a été choisi');
});
