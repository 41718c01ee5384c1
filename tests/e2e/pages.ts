import type { APIRequestContext } from '@playwright/test';
import { DEMO } from '../support/e2e-stores.ts';

interface PageEntry {
  name: string;
  address: string;
}

/** A page of each kind, with the demonstration. */
export const PAGES: PageEntry[] = [
  { name: 'overview', address: '/' },
  { name: 'offers', address: '/offres' },
  { name: 'offer', address: '/offres/separation' },
  { name: 'parcours', address: '/parcours' },
  { name: 'territories', address: '/territoires' },
  { name: 'intercommunalites', address: '/territoires?niveau=intercommunalite&indicateur=part_presentiel' },
  { name: 'commune', address: '/territoires?niveau=commune&commune=94081' },
  { name: 'counts by commune', address: '/territoires?niveau=commune&indicateur=seances_collectives' },
  { name: 'territory', address: '/territoires/orly' },
  { name: 'sectorisation', address: '/territoires/sectorisation' },
  {
    name: 'sectorisation draft',
    address: '/territoires/sectorisation?deplacer=94028:orly,94065:champigny&au=2026-04-01'
  },
  { name: 'modalities', address: '/modalites' },
  { name: 'dictionary', address: '/indicateurs' },
  { name: 'share', address: '/indicateurs/part_presentiel' },
  { name: 'quantile', address: '/indicateurs/duree_as' },
  { name: 'figure', address: '/chiffres/part_presentiel?territoire=orly' },
  { name: 'data', address: '/donnees' },
  { name: 'profiles', address: '/donnees/profils' },
  { name: 'quality', address: '/donnees/qualite' },
  { name: 'reference', address: '/referentiel' },
  { name: 'reference table', address: '/referentiel/offres' },
  { name: 'lot', address: '/donnees/imports/:dernier' }
];

/** Pages that show little, or refuse. */
export const BARE_PAGES: (PageEntry & { status: number })[] = [
  { name: 'not found', address: '/inconnue', status: 404 },
  { name: 'bad request', address: '/?territoire=paris', status: 400 },
  { name: 'nothing in the period', address: '/?periode=2019-T1', status: 200 },
  { name: 'nothing for the filter', address: '/modalites?territoire=non_renseigne', status: 200 }
];

/** The address itself, `:dernier` replaced by the last lot of the journal. */
export async function resolved(request: APIRequestContext, address: string): Promise<string> {
  if (!address.endsWith(':dernier')) return address;
  const response = await request.get(`${DEMO.address}/donnees?format=json`);
  const { tables } = (await response.json()) as { tables: { id: string; rows: { href: string }[] }[] };
  return tables.find(({ id }) => id === 'journal')!.rows[0]!.href;
}
