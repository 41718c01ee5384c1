import { DEMO } from '../support/e2e-stores.ts';
import { rawRequest } from './raw-request.ts';
import { expect, test } from './watched.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const { host } = new URL(DEMO.address);

for (const address of ['/', '/?format=json', '/?format=csv', '/inconnue', '/?periode=x', '/donnees']) {
  test(`headers of ${address}`, async () => {
    const { headers } = await rawRequest(DEMO.address, address);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY'
    });
    expect(headers['x-powered-by'], 'says nothing of its machinery').toBeUndefined();
    expect(headers['access-control-allow-origin'], 'readable by no other site').toBeUndefined();
  });
}

test('a page runs only our own scripts and may not be framed', async () => {
  const { headers } = await rawRequest(DEMO.address, '/');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+'(;|$)/);
});

for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', `http://${host}.evil.example`]) {
  test(`a form sent from ${origin} is refused`, async () => {
    const sent = { method: 'POST', headers: { ...FORM, origin }, body: 'essai=1' };
    const { status, body } = await rawRequest(DEMO.address, '/donnees/depots', sent);
    expect(status).toBe(403);
    expect(body).toContain('autre site');
  });
}

test('a form of our own page is read', async () => {
  const sent = { method: 'POST', headers: { ...FORM, origin: DEMO.address }, body: 'essai=1' };
  const { status, body } = await rawRequest(DEMO.address, '/donnees/depots', sent);
  expect(status).toBe(400);
  expect(body).toContain('mal formé');
});

for (const name of ['evil.example', `evil.example:${new URL(DEMO.address).port}`, '127.0.0.1:1', '']) {
  test(`a request to the host « ${name} » is refused`, async () => {
    const { status, body } = await rawRequest(DEMO.address, '/?format=json', { headers: { host: name } });
    expect(status).toBe(403);
    expect(body).not.toContain('engagements');
  });
}

test('localhost and 127.0.0.1 are both this server', async () => {
  const { port } = new URL(DEMO.address);
  for (const name of ['localhost', '127.0.0.1']) {
    const { status } = await rawRequest(DEMO.address, '/?format=json', { headers: { host: `${name}:${port}` } });
    expect(status, name).toBe(200);
  }
});
