import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { expect } from './watched.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface WithAxe {
  axe: { run(options: object): Promise<AxeResults> };
}

/** Violations that keep someone out, each with the elements at fault. */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const results = await page.evaluate(() =>
    (globalThis as unknown as WithAxe).axe.run({ resultTypes: ['violations'], elementRef: false })
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, help, nodes }) =>
        `${id} (${impact}): ${help}\n  ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join('\n  ')}`
    );
}

/** What makes the page scroll sideways; boxes that scroll inside themselves do not. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { documentElement: root } = document;
    if (root.scrollWidth <= window.innerWidth) return [];
    const reach = (element: Element) => element.getBoundingClientRect().left + element.scrollWidth;
    const wide = [...document.querySelectorAll('body *')].filter((element) => reach(element) > window.innerWidth + 0.5);
    const deepest = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
    const named = deepest.slice(0, 5).map((element) => element.outerHTML.slice(0, 150));
    return [`${root.scrollWidth} px in a window of ${window.innerWidth}`, ...named];
  });
}

/** Colours glide from one theme to the other. */
function settled(page: Page): Promise<null> {
  return page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => null)
  );
}

/** What holds for every page, whatever it shows. */
export async function expectRulesOfAPage(page: Page): Promise<void> {
  await settled(page);
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(page).toHaveTitle(/^\S.* — Vigie$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).not.toBeEmpty();
  expect(await overflowing(page), 'wider than the window').toEqual([]);
  expect(await violations(page), 'axe').toEqual([]);
}
