import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatNumber, formatRound, formatValue, formatWindow, isPlural } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { comparedWindow, cumulate } from '#lib/domain/period.ts';
import { listOf } from '#lib/domain/sentence.ts';
import {
  barsFigure,
  casesOf,
  emptyTitle,
  noteOfCases,
  partsBy,
  sayPart,
  shareOf,
  type ChartModel,
  type Part
} from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { strongest, type Finding } from '#lib/server/views/findings/finding.ts';
import { partStandouts } from '#lib/server/views/findings/standouts.ts';
import { frameOf, type Frame } from '#lib/server/views/frame.ts';
import { matrixOf, matrixTable, type MatrixModel } from '#lib/server/views/matrix.ts';
import { csvHref, type PageTable, type PageView } from '#lib/server/views/page.ts';
import { asTitle, commitmentsByTerritory, definitions } from '#lib/server/views/subject.ts';
import { POPULATION_SOURCE, sectorSource, sectorsOn, type Sector } from '#lib/server/views/territory-sectors.ts';

export interface TerritoriesView extends PageView {
  title: string;
  lead: string | null;
  findings: Finding[];
  presence: ChartModel;
  families: ChartModel;
  matrix: MatrixModel;
  matrixCsv: string;
  sectors: PageTable;
  sectorsCsv: string;
  sectorsNote: string;
}

/** `/territoires`: where do we hold our commitments? */
export async function territories(context: ViewContext): Promise<TerritoriesView> {
  const commitments = commitmentsByTerritory(context);
  const [presence, perEtp] = definitions(context, 'part_presentiel', 'familles_recues_par_etp') as [
    Indicator,
    Indicator
  ];
  const { period, comparison } = context.state;
  const year = [cumulate(period, '12mois'), comparedWindow(period, '12mois', comparison)];
  const [now, overYear] = await Promise.all([
    figures(context, { indicators: commitments, breakdowns: [[], ['territoire']] }),
    figures(context, { indicators: [perEtp], periods: year, breakdowns: [[], ['territoire']] })
  ]);
  const frame = frameOf(context);
  const [first, ...others] = strongest(
    partStandouts(context, { axis: 'territoire', indicators: commitments, figures: now }, frame.when)
  );
  const presenceFigure = presenceBars(context, frame, presence, now);
  const familiesFigure = familiesBars(context, frame, perEtp, overYear);
  const matrix = matrixOf(context, commitments, now);
  const sectors = sectorsTable(context, frame, now);
  const matrixCells = matrixTable(matrix);
  return {
    frame,
    title: first ? asTitle(first.text) : quietTitle(context, commitments, now, frame.when),
    lead: first?.detail ?? null,
    findings: others,
    presence: presenceFigure,
    families: familiesFigure,
    matrix,
    matrixCsv: csvHref(frame, matrixCells.id),
    sectors,
    sectorsCsv: csvHref(frame, sectors.id),
    sectorsNote: POPULATION_SOURCE,
    tables: [matrixCells, presenceFigure.table, familiesFigure.table, sectors]
  };
}

/** Nothing stands out, or there is nothing to compare. */
function quietTitle(context: ViewContext, commitments: Indicator[], now: Figures, when: string): string {
  if (context.state.filters.territoire?.length === 1) {
    return `Un seul territoire est retenu par les filtres : rien à comparer ${when}`;
  }
  const compared = commitments.some(
    (one) => now.codes(one.id, 'territoire').filter((territoire) => territoire !== null).length > 1
  );
  return compared
    ? `Aucun territoire ne s’écarte des autres au-delà du hasard ${when}`
    : `Aucune donnée ne permet de comparer les territoires ${when}`;
}

/** Who is under the target, in a sentence. */
function againstTarget(parts: Part[], indicator: Indicator, total: Cell): string {
  const known = parts.filter((part) => part.code !== null && part.cell.kind === 'shown');
  const target = known[0]?.judged.target;
  if (known.length === 0) return emptyTitle('Présentiel', total, 'Aucun rendez-vous à comparer');
  if (!target) return `Présentiel : ${listOf(known.map((part) => sayPart(part, indicator.unite)))}`;
  const goal = `l’objectif de ${formatRound(target.valeur, indicator.unite)}`;
  const under = known.filter(({ judged }) => judged.status !== 'atteint');
  if (under.length === 0) return `Présentiel : chaque territoire tient ${goal}`;
  if (under.length === known.length && known.length > 1) return `Présentiel : aucun territoire ne tient ${goal}`;
  const names = listOf(under.map((part) => sayPart(part, indicator.unite)));
  return `Présentiel : ${names} ${under.length > 1 ? 'restent' : 'reste'} sous ${goal}`;
}

function presenceBars(context: ViewContext, frame: Frame, presence: Indicator, now: Figures): ChartModel {
  const parts = partsBy(context, now, presence.id, 'territoire');
  return barsFigure(frame, now, {
    id: 'presentiel',
    title: againstTarget(parts, presence, now.cell(presence.id)),
    indicator: presence,
    axis: 'territoire',
    parts,
    aimed: true,
    note: noteOfCases
  });
}

const received = (count: number): string =>
  `${formatValue(count, 'familles')} ${isPlural(Number(count.toFixed(1))) ? 'reçues' : 'reçue'}`;

function familiesTitle(known: Part[], current: string, total: Cell): string {
  const [most, least] = [known[0], known.at(-1)];
  if (!most || !least)
    return emptyTitle('Familles reçues par ETP', total, `Familles reçues par ETP : rien à comparer sur ${current}`);
  const value = (part: Part) => shownValue(part.cell)!;
  if (most === least) return `${most.label} : ${received(value(most))} par ETP sur ${current}`;
  return `Sur ${current}, de ${received(value(least))} par ETP (${least.label}) à ${formatNumber(value(most), 1)} (${most.label})`;
}

function familiesBars(context: ViewContext, frame: Frame, perEtp: Indicator, overYear: Figures): ChartModel {
  const all = partsBy(context, overYear, perEtp.id, 'territoire');
  const parts = all.filter((part) => part.code !== null);
  const [current, compared] = overYear.periods.map((period) => formatWindow(period, '12mois'));
  return barsFigure(frame, overYear, {
    id: 'familles',
    title: familiesTitle(
      parts.filter((part) => part.cell.kind === 'shown'),
      current!,
      overYear.cell(perEtp.id)
    ),
    indicator: perEtp,
    axis: 'territoire',
    parts,
    aimed: true,
    note: ({ cell }) =>
      cell.kind === 'shown' && cell.denominator !== null ? `${formatNumber(cell.denominator, 1)} ETP` : '',
    comment:
      'L’objectif étant annuel, la comparaison porte toujours sur douze mois.' +
      (all.length > parts.length
        ? ' Les familles dont le territoire n’est pas renseigné ne comptent que dans l’ensemble : aucun ETP ne leur fait face.'
        : ''),
    windows: { current: current!, compared: compared! }
  });
}

/** Population beside activity: who has which share of both. */
function sectorsTable(context: ViewContext, frame: Frame, now: Figures): PageTable {
  const sectors = sectorsOn(context);
  const whole = casesOf(now.cell('part_socle'));
  const everyone = countCell(sectors.reduce((sum, sector) => sum + sector.population, 0));
  const communes = countCell(sectors.reduce((sum, sector) => sum + sector.communes.length, 0));
  const search = viewSearch(context.state, { filters: { ...context.state.filters, territoire: [] } });
  const place = ({ territoire, communes, population }: Sector): (Cell | string)[] =>
    territoire === null
      ? ['', '', '']
      : [countCell(communes.length), countCell(population), shareOf(countCell(population), everyone)];
  return {
    id: 'contexte',
    caption: `Population et activité, ${frame.windowLabel}`,
    headerLabel: 'Territoire',
    columns: [
      { id: 'communes', label: 'Communes' },
      { id: 'habitants', label: 'Habitants' },
      { id: 'part_habitants', label: 'Part des habitants', unit: 'part' },
      { id: 'interventions', label: 'Interventions commencées' },
      { id: 'part_interventions', label: 'Part des interventions', unit: 'part' },
      { id: 'source', label: 'D’où vient le secteur', align: 'left' }
    ],
    rows: sectors.map((sector) => {
      const { territoire, label } = sector;
      const started = casesOf(now.cell('part_socle', 0, { territoire }), now.cell('part_socle'));
      const source = territoire === null ? '' : sectorSource(context, territoire);
      return {
        header: label,
        ...(territoire === null ? {} : { href: `/territoires/${territoire}${search}` }),
        cells: [...place(sector), started, shareOf(started, whole), source]
      };
    }),
    total: { header: 'Ensemble', cells: [communes, everyone, '', whole, '', ''] }
  };
}
