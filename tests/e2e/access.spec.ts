import type { Page } from '@playwright/test';
import { DEMO } from '../support/e2e-stores.ts';
import { BARE_PAGES, PAGES, resolved } from './pages.ts';
import { expectRulesOfAPage } from './rules-of-a-page.ts';
import { expect, openLive, test } from './watched.ts';

const DESK = { width: 1440, height: 900, scheme: 'light' as const };
const POCKET = { width: 390, height: 844, scheme: 'dark' as const };

const INNER_WORD = /undefined|NaN|\bnull\b|Infinity/;

/** At the desk, then in the pocket: only style depends on the window, so that the page need not be opened again. */
async function expectOpenToAll(page: Page): Promise<void> {
  for (const { scheme, ...size } of [DESK, POCKET]) {
    await test.step(`${size.width} px, ${scheme}`, async () => {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: scheme });
      await expectRulesOfAPage(page);
    });
  }
}

test.describe('is open to all, at the desk and in the pocket', () => {
  test.use({ viewport: DESK, colorScheme: DESK.scheme });

  for (const { name, address } of PAGES) {
    test(`${name}, where demonstration data is marked as such`, async ({ page, request }) => {
      await openLive(page, await resolved(request, address));
      await expect(page.getByText('Données de démonstration').first()).toBeVisible();
      expect(await page.locator('main').innerText()).not.toMatch(INNER_WORD);
      await expectOpenToAll(page);
    });
  }

  test.describe('pages that show little', () => {
    test.use({ refusalsExpected: true });
    for (const { name, address, status } of BARE_PAGES) {
      test(name, async ({ page }) => {
        const response = await openLive(page, address);
        expect(response?.status()).toBe(status);
        await expectOpenToAll(page);
      });
    }
  });
});

test.describe('what opens is open to all', () => {
  test.use({ viewport: POCKET, colorScheme: 'dark' });

  test('filters, other filters and tables of charts', async ({ page }) => {
    await openLive(page, '/indicateurs/part_presentiel');
    await page.getByText('Autres filtres').click();
    for (const summary of await page.locator('figure summary').all()) await summary.click();
    // A list of filters lies over the page: the last one opened.
    await page.locator('summary', { hasText: 'Offre' }).first().click();
    await expect(page.getByRole('checkbox', { name: 'Séparation' })).toBeVisible();
    expect(await page.locator('main details[open]').count()).toBeGreaterThan(2);
    await expectRulesOfAPage(page);
  });

  test('a chosen theme is kept, and wins over the system’s', async ({ page }) => {
    await openLive(page, '/');
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await paper();
    await page.getByRole('radio', { name: 'clair' }).check();
    const light = await paper();
    expect(light).not.toBe(dark);
    await openLive(page, '/indicateurs');
    expect(await paper()).toBe(light);
    await expectRulesOfAPage(page);
  });
});

test('the skip link leads to the content', async ({ page }) => {
  await openLive(page, '/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Aller au contenu' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#contenu')).toBeFocused();
});

const WIDTHS = [1440, 1024, 390];
const SCHEMES = ['light', 'dark'] as const;

test.describe('@nuit every page, every width, both themes', () => {
  for (const { name, address } of PAGES) {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        test(`${name}, ${width} px, ${colorScheme}`, async ({ page, request }, info) => {
          await page.setViewportSize({ width, height: 900 });
          await page.emulateMedia({ colorScheme });
          await openLive(page, await resolved(request, address));
          await page.screenshot({ path: info.outputPath(`${name}-${width}-${colorScheme}.png`), fullPage: true });
          await expectRulesOfAPage(page);
        });
      }
    }
    test(`${name}, printed`, async ({ page, request }, info) => {
      // A4 at 96 dots per inch, less margins of 15 mm.
      await page.setViewportSize({ width: 680, height: 1010 });
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await page.goto(DEMO.address + (await resolved(request, address)));
      await page.screenshot({ path: info.outputPath(`${name}-print.png`), fullPage: true });
      await page.pdf({ path: info.outputPath(`${name}.pdf`), format: 'A4' });
      await expect(page.getByRole('navigation', { name: 'Pages' })).toBeHidden();
      await expect(page.getByRole('search')).toBeHidden();
      const ink = await page.evaluate(() => getComputedStyle(document.body).color.match(/\d+/g)!.map(Number));
      expect(Math.max(...ink.slice(0, 3)), 'dark ink on paper, whatever the theme').toBeLessThan(100);
      await expectRulesOfAPage(page);
    });
  }
});
