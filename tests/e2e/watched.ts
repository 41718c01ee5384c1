import { expect, test as base, type ConsoleMessage, type Page, type Request, type Response } from '@playwright/test';

interface Watch {
  /** A page that answers 4xx is what the test asks for: the browser's own line about it is no complaint. */
  refusalsExpected: boolean;
  watch: void;
}

const REFUSAL = /^Failed to load resource: the server responded with a status of 4\d\d/;

/**
 * Every browser test fails when a page logs an error, throws, or asks anything of another host.
 */
export const test = base.extend<Watch>({
  refusalsExpected: [false, { option: true }],
  watch: [
    async ({ context, baseURL, refusalsExpected }, use) => {
      const complaints: string[] = [];
      const hear = (message: ConsoleMessage) => {
        const text = message.text();
        if (message.type() !== 'error' || (refusalsExpected && REFUSAL.test(text))) return;
        complaints.push(`console: ${text} (${message.location().url})`);
      };
      const follow = (request: Request) => {
        const url = new URL(request.url());
        const own = url.origin === new URL(baseURL!).origin || url.protocol === 'data:' || url.protocol === 'blob:';
        if (!own) complaints.push(`request to another host: ${request.url()}`);
      };
      context.on('console', hear);
      context.on('weberror', (error) => complaints.push(`thrown: ${error.error().message}`));
      context.on('request', follow);
      await use();
      expect(complaints, 'errors of the page and requests to other hosts').toEqual([]);
    },
    { auto: true }
  ]
});

/** Opens a page and waits until it answers to the keyboard: the footer's choice of theme comes with the script. */
export async function openLive(page: Page, address: string): Promise<Response | null> {
  const response = await page.goto(address);
  await expect(page.getByRole('group', { name: 'Affichage' })).toBeVisible();
  return response;
}

export { expect };
