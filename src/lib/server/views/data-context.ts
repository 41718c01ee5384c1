import { Refused } from '#lib/domain/bad-request.ts';
import { formatInstant, formatNumber } from '#lib/domain/format.ts';
import { EXTRACTS, isContext } from '#lib/domain/extracts.ts';
import type { Reference } from '#lib/domain/reference.ts';
import type { TableRow } from '#lib/domain/table.ts';
import { readManifest } from '#lib/server/extracts/journal.ts';
import { spanWords } from '#lib/server/extracts/reshaping/context-words.ts';
import type { ContextReport, ContextTotal } from '#lib/server/extracts/reshaping/context-report.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

/** Reports of lots of context, by lot: what an import said of its file never changes. */
const reports = new Map<string, ContextReport | null>();

function reportOf(config: ViewContext['house']['config'], lot: string): ContextReport | null {
  const key = `${config.store} ${lot}`;
  try {
    if (!reports.has(key)) reports.set(key, readManifest(config, lot).rapport.contexte ?? null);
  } catch (error) {
    // A manifest that is lost is told by « verifier » and by the page of the lot: this one goes on without it.
    if (!(error instanceof Refused)) throw error;
  }
  return reports.get(key) ?? null;
}

/** The public figures, geography and contours that are loaded, the latest first, then those that come with Vigie. */
export function contextTable({ house, snapshot }: ViewContext): PageTable {
  const lots = snapshot.state.lots.filter(({ actif, type }) => actif && isContext(type)).toReversed();
  return {
    id: 'contexte',
    caption: 'Contexte chargé',
    headerLabel: 'Contenu',
    columns: [
      { id: 'dates', label: 'Date', align: 'left' },
      { id: 'lieux', label: 'Lieux' },
      { id: 'source', label: 'Source', align: 'left' },
      { id: 'licence', label: 'Licence', align: 'left' },
      { id: 'fichier', label: 'Fichier', align: 'left' },
      { id: 'empreinte', label: 'SHA-256', align: 'left' },
      { id: 'importe_le', label: 'Importé le', align: 'left' }
    ],
    rows: [...lots.flatMap((lot) => rowsOfLot(lot, reportOf(house.config, lot.lot))), ...shippedRows(house.reference)]
  };
}

const SHOWN_HASH = 12;

function rowsOfLot(lot: Lot, report: ContextReport | null): TableRow[] {
  const row = (header: string, dates: string, places: number | null, source: string, licence: string): TableRow => ({
    header,
    href: `/donnees/imports/${lot.lot}`,
    cells: [
      ...[dates, countCell(places), source, licence, lot.fichier],
      ...[`${lot.sha256.slice(0, SHOWN_HASH)}…`, formatInstant(lot.importe_le).split(' à ')[0]!]
    ]
  });
  const { libelle } = EXTRACTS[lot.type];
  if (!report) return [row(libelle, spanWords(lot.du, lot.au), null, '', '')];
  const [sources, licences] = [report.sources.join(' ; '), report.licences.join(', ')];
  if (report.totaux.length === 0) {
    const places = report.communes?.trouvees ?? null;
    return [row(report.libelle, spanWords(lot.du, lot.au), places, sources, licences)];
  }
  return [...byVariable(report.totaux).values()].map((totals) => {
    const periods = totals.map(({ periode }) => periode).sort();
    const named = [...new Set(totals.map(({ source }) => source))];
    const places = Math.max(...totals.map(({ zones }) => zones));
    const source = named.length > 2 ? `${formatNumber(named.length)} sources` : named.join(' ; ');
    return row(totals[0]!.libelle, spanWords(periods[0]!, periods.at(-1)!), places, source, licences);
  });
}

function byVariable(totals: ContextTotal[]): Map<string, ContextTotal[]> {
  const found = new Map<string, ContextTotal[]>();
  for (const total of totals) {
    const key = `${total.niveau} ${total.variable}`;
    found.set(key, [...(found.get(key) ?? []), total]);
  }
  return found;
}

/** Figures that come with the application: nothing is to be loaded for them, nor undone. */
function shippedRows({ contexte, variables }: Reference): TableRow[] {
  return variables.flatMap(({ code, libelle }) => {
    const values = contexte.filter(({ variable }) => variable === code);
    if (values.length === 0) return [];
    const periods = values.map(({ periode }) => periode).sort();
    const places = new Set(values.map(({ zone }) => zone)).size;
    const sources = [...new Set(values.map(({ source }) => source.replace(/, millésime \d{4}$/, '')))];
    const licences = [...new Set(values.map(({ licence }) => licence))];
    return [
      {
        header: libelle,
        cells: [
          ...[spanWords(periods[0]!, periods.at(-1)!), countCell(places), sources.join(' ; '), licences.join(', ')],
          ...['livré avec Vigie', '', '']
        ]
      }
    ];
  });
}
