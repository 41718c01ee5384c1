import type { Page } from '@playwright/test';
import { expectRulesOfAPage } from './rules-of-a-page.ts';
import { expect, openLive, test } from './watched.ts';

const PAGE = '/territoires/sectorisation';
const choice = (page: Page, commune: string) =>
  page.getByRole('combobox', { name: `Territoire de ${commune}`, exact: true });

test.describe('what is kept', () => {
  test.use({ refusalsExpected: true });
  // One store, one story: each test takes back what it changed.
  test.describe.configure({ mode: 'serial' });

  async function fill(page: Page, geste: string, texts: Record<string, string>): Promise<void> {
    const form = page.locator('#enregistrer form').filter({ has: page.locator(`[name=geste][value=${geste}]`) });
    for (const [name, text] of Object.entries(texts)) await form.locator(`[name=${name}]`).fill(text);
    await form.getByRole('button').click();
  }

  const decision = { auteur: 'Direction', motif: '<b>Équilibrer</b>', source: 'Note du 3 mars 2025' };

  async function savesAndTakesBack(page: Page): Promise<void> {
    await fill(page, 'enregistrer', { ...decision, motif: ' ' });
    await expect(page.getByRole('alert')).toContainText('« Motif » est vide');
    await expect(page.locator('#enregistrer [name=source]')).toHaveValue(decision.source);
    await fill(page, 'enregistrer', decision);
    await expect(page.getByRole('status').first()).toContainText('C’est enregistré');
    await page.goto('/referentiel');
    const history = page.locator('#historique');
    await expect(history).toContainText('Rungis (94065) : Orly → Créteil');
    await expect(history, 'what was typed is text').toContainText('<b>Équilibrer</b>');
    await page.getByText('Reprendre le dernier changement…').click();
    for (const [name, text] of Object.entries(decision)) await history.locator(`form [name=${name}]`).fill(text);
    await history.getByRole('button', { name: 'Reprendre ce changement' }).click();
    await expect(page.getByRole('status')).toContainText('Le dernier changement est repris');
    await page.goto(PAGE);
    await expect(choice(page, 'Rungis')).toHaveValue('');
    await expect(page.locator('#c-94065 select option:checked')).toHaveText('Orly');
  }

  async function keepsOpensAndDeletes(page: Page): Promise<void> {
    await fill(page, 'garder', { nom: '<i>Rungis</i> à Créteil', auteur: 'Direction' });
    await expect(page.getByRole('status').first()).toContainText('est gardé');
    await page.goto(PAGE);
    const scenarios = page.locator('#scenarios');
    await scenarios.getByRole('link', { name: '<i>Rungis</i> à Créteil' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('1\u00a0commune déplacée');
    await expect(scenarios).toContainText('ouvert');
    await scenarios.getByText('Supprimer…').click();
    await scenarios.getByRole('button', { name: /^Supprimer/ }).click();
    await expect(page.getByRole('status').first()).toContainText('est supprimé');
    await expect(scenarios).toContainText('Aucun scénario');
  }

  const DRAFT = `${PAGE}?deplacer=94065:creteil,94001:creteil&au=2026-04-01`;
  const ONE = `${PAGE}?deplacer=94065:creteil&au=2026-04-01`;

  test('a dated version, then taken back', async ({ page }) => {
    await openLive(page, DRAFT);
    await expectRulesOfAPage(page);
    await savesAndTakesBack(page);
  });

  test('a scenario, opened again, then deleted', async ({ page }) => {
    await openLive(page, ONE);
    await keepsOpensAndDeletes(page);
    await expectRulesOfAPage(page);
  });

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a dated version, then taken back', async ({ page }) => {
      await page.goto(DRAFT);
      await savesAndTakesBack(page);
    });

    test('a scenario, opened again, then deleted', async ({ page }) => {
      await page.goto(ONE);
      await keepsOpensAndDeletes(page);
    });
  });
});
