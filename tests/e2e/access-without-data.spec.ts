import { PAGES } from './pages.ts';
import { expect, test } from './watched.ts';

for (const { name, address } of PAGES.filter((one) => !one.address.includes(':'))) {
  test(`${name} opens`, async ({ page }) => {
    const response = await page.goto(address);
    expect(response?.status()).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    expect(await page.locator('main').innerText(), 'no inner word').not.toMatch(/undefined|NaN|null|Infinity/);
  });
}
