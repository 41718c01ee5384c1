import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { areaMap, type AreaMapRequest } from '#lib/server/views/area-map.ts';
import { openView } from '#lib/server/views/context.ts';
import { figures } from '#lib/server/views/figures.ts';
import type { Level } from '#lib/server/views/territories-choice.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';
import { mesh } from '../support/mesh.ts';
import { houseOn, rowsOf } from '../support/view-house.ts';
import { completeRows, makeWarehouse, reference, type TestWarehouse } from '../support/warehouse.ts';

// T4 2025. Créteil (94028): three honoured meetings, two of them présentiel. Orly (94054): one, by telephone.
// One intervention is outside the department.
const ROWS = completeRows({
  agents: [{ agent: 'A01' }],
  interventions: [
    { date_debut: '2025-10-01', famille: 'F1' },
    { date_debut: '2025-10-01', famille: 'F2', commune: '94054', territoire: 'orly' },
    { date_debut: '2025-10-01', famille: 'F3', commune: '75056' }
  ],
  rendez_vous: [
    { intervention: 'I1', date: '2025-10-01' },
    { intervention: 'I1', date: '2025-10-02' },
    { intervention: 'I1', date: '2025-10-03', modalite: 'telephone' },
    { intervention: 'I2', date: '2025-10-03', modalite: 'telephone' },
    { intervention: 'I3', date: '2025-10-03' }
  ],
  seances_collectives: [
    { date: '2025-10-10', commune: '94028', action: 'X', nature: 'action_groupe' },
    { date: '2025-10-11', commune: '94028', action: 'X', nature: 'action_groupe' }
  ]
});

interface Contoured {
  code: string;
  geometrie: string;
  source: string;
}

/** A contour for each commune of the department, of a made-up ground. */
const CONTOURS: Contoured[] = mesh(8, 6, 2)
  .slice(0, reference.communes.length)
  .map(({ polygons }, i) => ({
    code: reference.communes[i]!.code,
    geometrie: JSON.stringify({ type: 'Polygon', coordinates: polygons[0] }),
    source: 'IGN, Admin Express'
  }));

/** The same data version, with these contours imported. */
function withContours(snapshot: Snapshot, contours: Contoured[]): Snapshot {
  return {
    state: snapshot.state,
    query: (sql, parameters) =>
      sql.includes('extraits.contours') ? Promise.resolve(contours as never) : snapshot.query(sql, parameters)
  };
}

const words = (text: string): string => text.replace(/\s/g, ' ');
const namesIn = (svg: string) => [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map((match) => words(match[1]!));

describe('the map of an indicator', () => {
  let warehouse: TestWarehouse;
  beforeAll(async () => {
    warehouse = await makeWarehouse(ROWS);
  });
  afterAll(() => warehouse.close());

  async function mapOf(
    niveau: Level,
    id = 'part_presentiel',
    contours: Contoured[] = [],
    more: Partial<AreaMapRequest> = {}
  ) {
    const house = {
      ...houseOn({ ...warehouse, snapshot: withContours(warehouse.snapshot, contours) }),
      reference: { ...reference, passages: [{ commune: '94999', vers: reference.communes[0]!.code }] }
    };
    const url = new URL(`http://vigie/territoires?periode=2025-T4&niveau=${niveau}`);
    const context = await openView(house, url, DIRECTION, ['niveau']);
    const indicator = house.catalogue.get(id)!;
    const measured = await figures(context, { indicators: [indicator], breakdowns: [[], [niveau]] });
    return areaMap(context, { id: 'carte', title: 'Où ?', indicator, figures: measured, niveau, ...more });
  }

  it('is drawn on tiles without contours: a commune each, hatched where nothing happened', async () => {
    const { svg, comment } = await mapOf('commune');
    expect(svg).toContain('class="areas tiles"');
    const names = namesIn(svg);
    expect(names).toContain('Créteil : 66,7 % (2 sur 3)');
    expect(names).toContain('Orly : 0,0 % (0 sur 1)');
    // In each of the two widths.
    expect(names).toHaveLength(2 * 47);
    expect(svg.match(/class="area hatched"/g)).toHaveLength(2 * 45);
    expect(comment).toBe('Au tableau, mais sans place sur la carte : 1\u00a0code hors du département.');
  });

  it('holds the same cells in its table, what has no place included, each with its address', async () => {
    const { table, csvHref } = await mapOf('commune', 'part_presentiel', [], { hrefOf: (code) => `/lieux/${code}` });
    expect(table.rows).toHaveLength(48);
    expect(rowsOf(table).Créteil).toEqual([2 / 3, 2, 3]);
    expect(rowsOf(table)['75056 (hors du département)']).toEqual([1, 1, 1]);
    expect(rowsOf(table).Ensemble).toEqual([3 / 5, 3, 5]);
    expect(table.rows[0]).toMatchObject({ header: 'Créteil', href: '/lieux/94028' });
    const cell = table.rows[0]!.cells[0]!;
    expect(typeof cell === 'string' ? null : cell.source).toContain('/chiffres/part_presentiel');
    expect(csvHref).toBe('/territoires?periode=2025-T4&niveau=commune&format=csv&table=carte');
  });

  it('makes links of the areas that have a page, and of no other', async () => {
    const { svg } = await mapOf('commune', 'part_presentiel', [], {
      hrefOf: (code) => (code === '94028' ? '/territoires?commune=94028&niveau=commune' : null)
    });
    expect(svg.match(/<a href="\/territoires\?commune=94028&amp;niveau=commune"/g)).toHaveLength(2);
    expect(svg.match(/<a /g)).toHaveLength(2);
    expect(svg.match(/<g role="img"/g)).toHaveLength(2 * 46);
  });

  it('is drawn on contours when every commune has one, and names their source', async () => {
    const { svg, details } = await mapOf('commune', 'part_presentiel', CONTOURS);
    expect(svg).toContain('class="areas contours"');
    expect(details).toContain('Contours : IGN, Admin Express');
    expect(namesIn(svg)).toContain('Créteil : 66,7 % (2 sur 3)');
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it('keeps to tiles and says so when contours miss a commune', async () => {
    const { svg, comment } = await mapOf('commune', 'part_presentiel', CONTOURS.slice(1));
    expect(svg).toContain('class="areas tiles"');
    expect(comment).toContain('ne couvrent pas 1\u00a0commune (Ablon-sur-Seine)');
  });

  it('draws a commune that merged as part of what it became, and refuses an unreadable outline', async () => {
    const [first, ...others] = CONTOURS;
    const merged = await mapOf('commune', 'part_presentiel', [{ ...first!, code: '94999' }, ...others]);
    expect(merged.svg).toContain('class="areas contours"');
    const unreadable = await mapOf('commune', 'part_presentiel', [{ ...first!, geometrie: '{}' }, ...others]);
    expect(unreadable.svg).toContain('class="areas tiles"');
  });

  it.each([
    ['territoire', ['Champigny-sur-Marne', 'Créteil', 'Orly']],
    ['intercommunalite', ['Grand Paris Sud Est Avenir', 'Grand-Orly Seine Bièvre', 'Paris Est Marne et Bois']]
  ] as const)('paints communes by their %s, each named once', async (niveau, groups) => {
    for (const contours of [[], CONTOURS]) {
      const { svg, table } = await mapOf(niveau, 'part_presentiel', contours);
      const drawn = namesIn(svg).flatMap((name) => /^(.*) : /.exec(name)?.[1] ?? []);
      expect([...new Set(drawn)].sort()).toEqual(groups);
      expect(drawn).toHaveLength(2 * 3);
      expect(svg).toContain('data-outline=');
      expect(table.rows.map(({ header }) => header)).toEqual(expect.arrayContaining([...groups]));
    }
  });

  it('draws counts as circles, nothing where there is none', async () => {
    const { svg, table } = await mapOf('commune', 'seances_collectives');
    expect(svg.match(/<circle cx/g)).toHaveLength(2);
    expect(namesIn(svg)).toContain('Créteil : 2');
    expect(rowsOf(table).Créteil).toEqual([2]);
  });

  it('parts colours around a mean when it is given', async () => {
    const { svg } = await mapOf('commune', 'part_presentiel', [], {
      middle: { value: 0.6, label: '60 % : département' }
    });
    expect(words(svg)).toContain('60 % : département');
    expect(svg).toMatch(/class="area fill-[1234]"/);
  });
});
