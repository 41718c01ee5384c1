import { describe, expect, test } from 'vitest';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { allowedCodes, parseViewState, viewSearch } from '#lib/domain/filters.ts';
import { readConfig } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';

const allowed = allowedCodes(loadReference(readConfig()));
const parse = (search: string, extra: string[] = []) =>
  parseViewState(new URLSearchParams(search), allowed, '2026-01-15', extra);

function refusal(search: string): BadRequest {
  try {
    parse(search);
  } catch (error) {
    if (error instanceof BadRequest) return error;
    throw error;
  }
  throw new Error(`« ${search} » was accepted`);
}

describe('the state of a page', () => {
  test('an empty URL is the last whole quarter, compared with the year before, without filter', () => {
    expect(parse('')).toEqual({
      period: { du: '2025-10-01', au: '2026-01-01' },
      cumul: 'trimestre',
      comparison: 'n-1',
      filters: {}
    });
  });

  test('values come repeated as a form sends them, or joined by commas; empty ones are no filter', () => {
    const repeated = parse('periode=2025-T2&territoire=orly&territoire=creteil&offre=&cumul=');
    expect(repeated.filters).toEqual({ territoire: ['orly', 'creteil'] });
    expect(parse('periode=2025-T2&territoire=orly,creteil')).toEqual(repeated);
  });

  test('what is written reads back', () => {
    const search = '?periode=2025-T2&cumul=annee&comparer=precedente&territoire=orly,non_renseigne&modalite=visio';
    expect(viewSearch(parse(search))).toBe(search);
    expect(viewSearch(parse(''))).toBe('?periode=2025-T4');
  });

  test.each([
    ['territoire=paris', 'orly'],
    ['offre=divorce', 'separation'],
    ['periode=hier', '2025-T2'],
    ['cumul=semaine', '12mois'],
    ['comparer=moyenne', 'precedente'],
    ['agent=A01', 'territoire'],
    ['couleur=bleu', 'periode']
  ])('%s is refused with what is allowed', (search, example) => {
    expect(refusal(search).allowed).toContain(example);
  });

  test('a page may read parameters of its own', () => {
    expect(() => parse('par=offre', ['par'])).not.toThrow();
    expect(refusal('par=offre').message).toContain('par');
  });
});
