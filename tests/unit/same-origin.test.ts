import { describe, expect, test } from 'vitest';
import { foreignRequest } from '#lib/server/same-origin.ts';

const LOCAL = { ORIGIN: 'http://127.0.0.1:3000' };
const request = (method: string, headers: Record<string, string>) =>
  ({ method, headers: new Headers(headers) }) as unknown as Request;

describe('requests from elsewhere', () => {
  test.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000'])('the names of this machine are ours: %s', (host) => {
    expect(foreignRequest(request('GET', { host }), LOCAL)).toBeNull();
    expect(foreignRequest(request('POST', { host, origin: `http://${host}` }), LOCAL)).toBeNull();
  });

  test.each(['evil.example', '127.0.0.1:4000', 'vigie.evil.example:3000'])('another name is not: %s', (host) => {
    expect(foreignRequest(request('GET', { host }), LOCAL)).toContain(host);
  });

  test.each(['http://evil.example', 'http://localhost:4000', 'null'])('a form sent from %s is refused', (origin) => {
    expect(foreignRequest(request('POST', { host: 'localhost:3000', origin }), LOCAL)).not.toBeNull();
  });

  test('a server published under a name answers to that name only', () => {
    const env = { ORIGIN: 'https://vigie.caf94.example' };
    expect(foreignRequest(request('GET', { host: 'vigie.caf94.example' }), env)).toBeNull();
    expect(foreignRequest(request('GET', { host: 'localhost:3000' }), env)).not.toBeNull();
  });
});
