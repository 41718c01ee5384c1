import { dotStrip } from '#lib/charts/dot-strip.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatCell, formatChange, formatValue } from '#lib/domain/format.ts';
import type { Indicator, Unit } from '#lib/domain/indicator.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { casesOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { restsOnContext, type ContextSources } from '#lib/server/views/context-sources.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import type { Populations } from '#lib/server/views/population-vintages.ts';
import { shortName } from '#lib/server/views/territories-heading.ts';
import type { Sector } from '#lib/server/views/territory-sectors.ts';

/** One line of the territoire beside the department. */
export interface ContextLine {
  id: string;
  label: string;
  href: string | null;
  /** Null for what is already written. */
  unit: Unit | null;
  own: Cell | string;
  whole: Cell | string;
  /** The value among those of the other territoires; empty when there is none. */
  strip: string;
  /** How many cases the own value rests on, and of what. */
  cases: Cell | null;
  casesLabel: string;
  source: string;
}

export interface ContextGroup {
  id: string;
  label: string;
  lines: ContextLine[];
}

/** The territoire beside the department, and the measures that no data gives yet. */
export interface ContextModel {
  groups: ContextGroup[];
  missing: string[];
}

/** What counts a public that overlaps from one offre to the next says nothing whole. */
const BY_OFFER_ONLY = ['couverture_public'];

/** The indicators of context that a territoire is compared on. */
export function contextIndicators({ house }: ViewContext): Indicator[] {
  return [...house.catalogue.values()]
    .filter(
      ({ id, groupe, axes }) => groupe === 'contexte' && axes.includes('territoire') && !BY_OFFER_ONLY.includes(id)
    )
    .sort((a, b) => a.ordre - b.ordre);
}

interface Beside {
  code: string;
  label: string;
  /** The context indicators, in total and by territoire. */
  all: Figures;
  populations: Populations;
  sectors: Sector[];
  sources: ContextSources;
}

/** Who lives there, what they need, and what they are brought: the territoire beside the department. */
export function besideDepartment(context: ViewContext, beside: Beside): ContextModel {
  const indicators = contextIndicators(context);
  const isKnown = ({ id }: Indicator) => beside.all.bare(id, 0, {}).kind === 'shown';
  const lines = (kept: (one: Indicator) => boolean) =>
    indicators.filter((one) => isKnown(one) && kept(one)).map((one) => indicatorLine(context, beside, one));
  const groups = [
    { id: 'population', label: 'Population', lines: populationLines(context, beside) },
    { id: 'besoins', label: 'Besoins', lines: lines(({ numerateur }) => numerateur.agregat === 'duree') },
    {
      id: 'rapporte',
      label: 'Activité rapportée au public',
      lines: lines(({ numerateur }) => numerateur.agregat !== 'duree')
    }
  ];
  return {
    groups: groups.filter((group) => group.lines.length > 0),
    missing: indicators.filter((one) => restsOnContext(one) && !isKnown(one)).map(({ libelle }) => libelle)
  };
}

function populationLines({ house }: ViewContext, { code, sectors, populations }: Beside): ContextLine[] {
  const { earlier, latest } = populations;
  const own = sectors.find(({ territoire }) => territoire === code)!.communes;
  const everyone = house.reference.communes;
  const line = (
    id: string,
    label: string,
    values: Pick<ContextLine, 'own' | 'whole'>,
    ...years: number[]
  ): ContextLine => ({
    ...{ id, label, href: null, unit: null, strip: '', cases: null, casesLabel: '' },
    ...values,
    source: populations.sources(...years).join(' ; ')
  });
  if (latest === null) return [];
  const growth = (communes: typeof own) =>
    formatChange(populations.of(communes, latest), populations.of(communes, earlier)) ?? 'non calculable';
  return [
    line(
      'habitants',
      `Habitants ${latest}`,
      { own: populations.of(own, latest), whole: populations.of(everyone, latest) },
      latest
    ),
    ...(earlier === null
      ? []
      : [
          line(
            'croissance',
            `Évolution ${earlier}–${latest}`,
            { own: growth(own), whole: growth(everyone) },
            earlier,
            latest
          )
        ])
  ];
}

function indicatorLine(context: ViewContext, { code, label, all, sources }: Beside, indicator: Indicator): ContextLine {
  const [own, whole] = [all.cell(indicator.id, 0, { territoire: code }), all.cell(indicator.id)];
  const others = all
    .codes(indicator.id, 'territoire')
    .filter((one) => one !== null && one !== code)
    .flatMap((territoire) => shownValue(all.bare(indicator.id, 0, { territoire })) ?? []);
  return {
    id: indicator.id,
    label: indicator.libelle,
    href: `/indicateurs/${indicator.id}${viewSearch(context.state)}`,
    unit: indicator.unite,
    own,
    whole,
    strip: stripOf(indicator, label, { own, whole, others }),
    cases: casesOf(own),
    casesLabel: shortName(indicator.denominateur ?? indicator.numerateur),
    source: sources.of(indicator) ?? 'Extraits importés'
  };
}

function stripOf(
  { id, unite }: Indicator,
  label: string,
  { own, whole, others }: { own: Cell; whole: Cell; others: number[] }
): string {
  const [value, total] = [shownValue(own), shownValue(whole)];
  if (value === null) return '';
  const title = [
    `${label} ${formatValue(value, unite)}`,
    ...(total === null ? [] : [`département ${formatValue(total, unite)}`]),
    ...(others.length > 0 ? [`autres territoires ${others.map((one) => formatValue(one, unite)).join(', ')}`] : [])
  ].join(', ');
  return dotStrip({ id: `bande-${id}`, title, own: value, whole: total, others });
}

const written = (cell: Cell | string, unit: Unit | null): string =>
  typeof cell === 'string' ? cell : formatCell(cell, unit ?? undefined);

/** The same lines as a table. */
export function contextTable(groups: ContextGroup[], label: string, frame: Frame): PageTable {
  return {
    id: 'contexte',
    caption: `${label} dans le département, ${frame.windowLabel}`,
    headerLabel: 'Mesure',
    columns: [
      { id: 'territoire', label },
      { id: 'departement', label: 'Département' },
      { id: 'effectif', label: 'Effectif' },
      { id: 'de', label: 'Effectif de', align: 'left' },
      { id: 'source', label: 'Source', align: 'left' }
    ],
    rows: groups.flatMap(({ lines }) =>
      lines.map((line) => ({
        header: line.label,
        cells: [
          written(line.own, line.unit),
          written(line.whole, line.unit),
          line.cases ?? '',
          capitalize(line.casesLabel),
          line.source
        ]
      }))
    )
  };
}
