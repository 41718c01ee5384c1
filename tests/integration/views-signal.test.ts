import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IsoDate } from '#lib/domain/period.ts';
import type { Rupture } from '#lib/domain/reference.ts';
import type { House } from '#lib/server/house.ts';
import { computeView } from '#lib/server/views/all.ts';
import { houseOn, rowsOf } from '../support/view-house.ts';
import { completeRows, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

// Today is 2026-01-15: the page opens on T4 2025, its series is the 24 months of 2024 and 2025.
// Events of séparation, ten a month: 4 and 6 contacted in turn in 2024, 8 and 9 in 2025. The others: none contacted.
const months = Array.from({ length: 24 }, (_, index) => {
  const year = 2024 + Math.floor(index / 12);
  return {
    first: `${year}-${String((index % 12) + 1).padStart(2, '0')}`,
    contacted: year === 2024 ? 4 + 2 * (index % 2) : 8 + (index % 2)
  };
});
const events = months.flatMap(({ first, contacted }) =>
  Array.from({ length: 10 }, (_, index) => ({ date_detection: `${first}-02`, called: index < contacted }))
);
const rows = completeRows({
  agents: [{ agent: 'A01' }],
  evenements: events.map(({ date_detection }) => ({ date_detection })),
  contacts: events.flatMap(({ date_detection, called }, index) =>
    called ? [{ evenement: `E${index + 1}`, date_contact: date_detection }] : []
  )
});

let warehouse: TestWarehouse;
beforeAll(async () => {
  warehouse = await makeWarehouse(rows);
});
afterAll(() => warehouse.close());

const calls = (date: IsoDate, scope: Partial<Rupture> = {}): Rupture => ({
  indicateur: 'taux_contact',
  offre: null,
  territoire: null,
  date,
  motif: 'appels sortants',
  source: 'Note de service',
  ...scope
});
const houseWith = (...ruptures: Rupture[]): House => ({ ...houseOn(warehouse), reference: { ...reference, ruptures } });
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

async function seriesWith(search: string, ...ruptures: Rupture[]) {
  const path = '/indicateurs/taux_contact';
  const url = new URL(`http://localhost${path}${search}`);
  const { series } = await computeView(houseWith(...ruptures), '/indicateurs/[id]', url, { id: 'taux_contact' });
  const remarks = Object.entries(rowsOf(series.table)).map(([month, cells]) => [month, cells.at(-1)] as const);
  return { ...series, remarks: remarks.filter(([, remark]) => remark !== '') };
}

describe('a monthly series', () => {
  it('without a declared break, reads the change as a signal', async () => {
    const { title, comments, remarks } = await seriesWith('');
    // Mean (0.5 × 12 + 0.85 × 12)/24 = 0.675: twelve months below, twelve above.
    expect(title).toContain('Depuis janvier 2025, 12 mois de suite au-dessus de la moyenne');
    expect(remarks).toHaveLength(24);
    expect(comments.join(' ')).not.toContain('Rupture');
  });

  it('with it, restarts its limits, names the break everywhere and finds no signal', async () => {
    const { title, comments, remarks, svg } = await seriesWith('', calls('2025-01-01'));
    expect(plain(title)).toBe(
      'Rupture déclarée, appels sortants depuis janvier 2025 : la moyenne d’un mois passe de 50,0 % à 85,0 %'
    );
    expect(plain(comments[0]!)).toContain('appels sortants, depuis le 1er janvier 2025 (Note de service)');
    // Ranges of 0.1 after the break: 0.85 ± 0.266, held at 100 %.
    expect(plain(comments[1]!)).toBe('Tant que rien ne change, un mois ordinaire se situe entre 58,4 % et 100,0 %.');
    expect(comments.filter((comment) => comment.startsWith('Signal'))).toEqual([]);
    expect(remarks).toEqual([['Janvier 2025', 'rupture déclarée : appels sortants']]);
    expect(plain(svg)).toContain('rupture : appels sortants');
  });

  it('says which limits are provisional on either side of the break', async () => {
    const { comments } = await seriesWith('', calls('2025-09-20'));
    // From October, since September is mostly before: three months.
    expect(comments).toContain(
      'Limites provisoires, octobre 2025 à décembre 2025 : elles reposent sur moins de 12 mois.'
    );
    const alone = await seriesWith('', calls('2025-12-01'));
    expect(alone.comments).toContain('Depuis la rupture, il y a trop peu de mois pour des limites.');
  });

  it('is not broken by what was declared for one offre, unless it is that offre’s', async () => {
    const narrow = calls('2025-01-01', { offre: 'separation' });
    expect((await seriesWith('', narrow)).remarks).toHaveLength(24);
    expect((await seriesWith('?offre=separation', narrow)).remarks).toHaveLength(1);
    expect((await seriesWith('?offre=separation,impaye_loyer', narrow)).remarks).toHaveLength(24);
    const elsewhere = calls('2025-01-01', { territoire: 'orly' });
    expect((await seriesWith('?territoire=creteil', elsewhere)).remarks).toHaveLength(24);
  });

  it('of a card has the same limits, and says the break in its name', async () => {
    const url = new URL('http://localhost/');
    const { groups } = await computeView(houseWith(calls('2025-01-01')), '/', url, {});
    const card = groups.flatMap(({ cards }) => cards).find(({ id }) => id === 'taux_contact')!;
    expect(plain(card.sparkline)).toContain('rupture déclarée en janvier 2025 (appels sortants)');
    expect(card.sparkline.match(/class="mean"/g)).toHaveLength(2);
  });
});
