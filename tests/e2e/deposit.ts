import { expect, type Locator, type Page } from '@playwright/test';
import type { UploadedFile } from './extract-files.ts';
import { openLive } from './watched.ts';

/** Drops files and waits until they are read: the page of their deposit. */
export async function drop(page: Page, files: UploadedFile[]): Promise<void> {
  await openLive(page, '/donnees');
  await page.getByLabel('Extraits à importer').setInputFiles(files);
  await page.getByRole('button', { name: 'Lire ces fichiers' }).click();
  await page.waitForURL(/\/donnees\/depots\//);
  await read(page);
}

/** Waits until the deposit is read. */
export async function read(page: Page): Promise<void> {
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 });
}

/** Confirms the deposit of the page; gives the part of the page that tells its files. */
export async function confirm(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: /^Enregistrer/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Import enregistré');
  return page.locator('#fichiers');
}

/** Drops files and confirms them. */
export async function upload(page: Page, files: UploadedFile[]): Promise<Locator> {
  await drop(page, files);
  return confirm(page);
}
