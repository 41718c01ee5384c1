import { DEMO } from '../support/e2e-stores.ts';
import { plain } from './plain-text.ts';
import { rawRequest } from './raw-request.ts';
import { expect, test } from './watched.ts';

test.use({ refusalsExpected: true });

/** What is asked, the status, the value the page repeats, and some of what it says is allowed. */
const REFUSED: { name: string; address: string; status: number; says: string; allowed: string[] }[] = [
  { name: 'offre', address: '/offres/inconnue', status: 400, says: 'inconnue', allowed: ['separation'] },
  { name: 'territoire', address: '/territoires/inconnu', status: 400, says: 'inconnu', allowed: ['orly', 'creteil'] },
  { name: 'indicateur', address: '/indicateurs/inconnu', status: 400, says: 'inconnu', allowed: ['part_presentiel'] },
  { name: 'lot', address: '/donnees/imports/inconnu', status: 404, says: 'inconnu', allowed: [] },
  { name: 'deposit', address: '/donnees/depots/inconnu', status: 404, says: 'Ce dépôt n’existe plus', allowed: [] },
  { name: 'value of a filter', address: '/?territoire=paris', status: 400, says: 'paris', allowed: ['orly'] },
  { name: 'period', address: '/?periode=2025-T5', status: 400, says: '2025-T5', allowed: ['2025-T2'] },
  { name: 'cumul', address: '/?cumul=siecle', status: 400, says: 'siecle', allowed: ['annee', '12mois'] },
  { name: 'comparison', address: '/?comparer=hier', status: 400, says: 'hier', allowed: ['n-1', 'precedente'] },
  {
    name: 'parameter',
    address: '/?teritoire=orly',
    status: 400,
    says: 'teritoire',
    allowed: ['territoire', 'periode']
  },
  {
    name: 'breakdown',
    address: '/indicateurs/part_presentiel?par=couleur',
    status: 400,
    says: 'couleur',
    allowed: ['territoire']
  }
];

for (const { name, address, status, says, allowed } of REFUSED) {
  test(`unknown ${name}: a ${status} page that says what and lists what is allowed`, async ({ page }) => {
    const response = await page.goto(address);
    expect(response?.status()).toBe(status);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    const main = page.locator('main');
    await expect(main, 'names the value').toContainText(says);
    for (const value of allowed) {
      await expect(main.locator('li').getByText(value, { exact: true }).first(), 'listed').toBeVisible();
    }
    const words = plain((await main.textContent())!);
    expect(words, 'says it in French').toMatch(/n'est pas|n'existe pas/);
    expect(words).not.toMatch(/Error|undefined|Not Found|at .*\.js/);
    await expect(page.getByRole('link', { name: 'Revenir à la vue d’ensemble' })).toHaveAttribute('href', '/');
  });
}

for (const { address, says, allowed } of [
  { address: '/?format=xml', says: "« xml » n'est pas une valeur de format.", allowed: ['json', 'csv'] },
  { address: '/?format=csv&table=rien', says: "La table « rien » n'existe pas", allowed: ['engagements', 'matrice'] },
  { address: '/offres/inconnue?format=csv', says: 'inconnue', allowed: ['separation'] }
]) {
  test(`data that cannot be had: ${address}`, async ({ request }) => {
    const response = await request.get(address);
    expect(response.status()).toBe(400);
    expect(response.headers()['content-type']).toContain('text/plain');
    const lines = (await response.text()).split('\n');
    expect(plain(lines[0]!)).toContain(says);
    for (const value of allowed) expect(lines, 'listed').toContain(`- ${value}`);
  });
}

test('a refusal of JSON is JSON', async ({ request }) => {
  const response = await request.get('/?format=json&territoire=paris');
  expect(response.status()).toBe(400);
  const { erreur, valeurs_possibles } = await response.json();
  expect(erreur).toContain('paris');
  expect(valeurs_possibles).toContain('orly');
});

test('unknown page: 404, in French, with the way back', async ({ page }) => {
  const response = await page.goto('/inconnue');
  expect(response?.status()).toBe(404);
  await expect(page).toHaveTitle('Erreur 404 — Vigie');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cette page n’existe pas');
  await page.getByRole('link', { name: 'Revenir à la vue d’ensemble' }).click();
  await expect(page).toHaveURL('/');
});

test('a value from the address is only text', async ({ page }) => {
  await page.goto(`/?territoire=${encodeURIComponent('<img src=x onerror=document.title="pris">')}`);
  await expect(page.locator('main')).toContainText('<img src=x');
  await expect(page.locator('main img')).toHaveCount(0);
});

const LONG = 'a'.repeat(6000);
const MALFORMED = [
  ...['/%', '/%E0%A4%A', '/%00', '/%FF%FE', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/package.json', '//', '/./../'],
  ...['/?%', '/?periode=%', '/?periode=%00', '/?periode=%FF', '/?territoire=%E0%A4%A', '/?=', '/?&&&&', '/?='],
  ...['/?periode[]=2025', '/?territoire[]=orly', '/?territoire[0]=orly', '/?territoire[a][b]=orly', '/?__proto__=1'],
  ...['/?constructor=1', '/?periode=2025-T2&periode=2025-T3', '/?territoire=orly&territoire=creteil'],
  ...['/?periode=0000-T1', '/?periode=9999-12', '/?periode=99999', '/?periode=2025-02-30..2025-03-01'],
  ...['/?periode=2025-03-01..2025-01-15', '/?periode=-1', "/?territoire=orly'--", '/?territoire=orly%3Bdrop%20table'],
  ...[
    `/?periode=${LONG}`,
    `/${LONG}`,
    `/?${LONG}`,
    `/?territoire=${'orly,'.repeat(1000)}`,
    `/?a=${'b'.repeat(40_000)}`
  ],
  ...['/indicateurs/%00', '/indicateurs/__proto__', '/indicateurs/constructor', '/offres/%2e%2e', '/offres/toString'],
  ...['/territoires/__proto__', '/donnees/imports/..%2f..%2f..%2fetc', '/donnees/imports/%00', '/donnees/imports/.'],
  ...['/?format=__proto__', '/?format=', '/?format=csv&format=json', '/?table=__proto__&format=csv', '/offres?format='],
  ...['/indicateurs/part_presentiel?par=__proto__', '/indicateurs/part_presentiel?par=', '/_app/%00', '/__data.json?%'],
  ...['/__data.json?x-sveltekit-invalidated=%', '/indicateurs/inconnu/__data.json', '/favicon.svg/%2e%2e/%00']
];

test('malformed addresses: none breaks the server', async () => {
  const broken: string[] = [];
  for (const address of MALFORMED) {
    const { status, body } = await rawRequest(DEMO.address, address);
    const leak = /\/(src|node_modules|build)\/|at .*:\d+:\d+/.test(body) ? ' and shows its inside' : '';
    if (status >= 500 || leak) broken.push(`${status}${leak}: ${address.slice(0, 80)}`);
  }
  expect(broken).toEqual([]);
  expect((await rawRequest(DEMO.address, '/')).status, 'the server is alive').toBe(200);
});

test('methods and bodies no page expects: none breaks the server', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const cut = { 'content-type': 'multipart/form-data; boundary=x' };
  const asked: [string, Parameters<typeof rawRequest>[2]][] = [
    ['/', { method: 'POST', headers: form, body: 'a=1' }],
    ['/donnees', { method: 'POST', headers: form, body: '' }],
    ['/donnees/depots', { method: 'POST', headers: form, body: '' }],
    [
      '/donnees/depots',
      { method: 'POST', headers: cut, body: '--x\r\nContent-Disposition: form-data; name="fichiers"' }
    ],
    ['/donnees/depots/absent', { method: 'POST', headers: form, body: 'geste=confirmer' }],
    ['/donnees/depots/absent/1', { method: 'POST', headers: form, body: '' }],
    ['/donnees/profils', { method: 'POST', headers: form, body: 'geste=supprimer&profil=..%2F..%2Fetc' }],
    ['/donnees', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
    ['/donnees?/inconnue', { method: 'POST', headers: form, body: 'a=1' }],
    ['/donnees/imports/inconnu', { method: 'POST', headers: form, body: '' }],
    ['/', { method: 'DELETE' }],
    ['/', { method: 'PUT', body: 'x' }],
    ['/', { method: 'PROPFIND' }],
    ['/?format=json', { method: 'POST', headers: form, body: '' }]
  ];
  const broken: string[] = [];
  for (const [address, options] of asked) {
    const { status } = await rawRequest(DEMO.address, address, options);
    if (status >= 500 || status < 300) broken.push(`${status}: ${options?.method} ${address}`);
  }
  expect(broken).toEqual([]);
  expect((await rawRequest(DEMO.address, '/')).status, 'the server is alive').toBe(200);
});
