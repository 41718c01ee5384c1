import { formatCount, formatGrowth, formatShare } from '#lib/domain/format.ts';
import type { ChiffreImprime } from '#lib/domain/reference.ts';
import { listOf } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { PageTable } from '#lib/server/views/page.ts';

/** Figures of context that documents print: what contradicts some of them, then all of them. */
export interface PrintedFigures {
  intro: string;
  /** Null when nothing contradicts any. */
  contradicted: PageTable | null;
  all: PageTable;
}

/** Null for a Caf whose documents were not read. */
export function printedFigures({ house }: ViewContext): PrintedFigures | null {
  const { imprimes } = house.reference;
  if (imprimes.length === 0) return null;
  const contradicted = imprimes.filter(({ recalcule }) => recalcule !== null);
  const documents = [...new Set(imprimes.map((one) => one.document))];
  return {
    intro: `Chiffres imprimés, tels que les donne un document et qu’aucune donnée importée ne redonne : ${listOf(documents)}.`,
    contradicted: contradicted.length > 0 ? contradictedTable(contradicted) : null,
    all: allTable(imprimes)
  };
}

/** A growth over two years, a share, or a number. */
function written({ periode, unite }: ChiffreImprime, value: number): string {
  if (unite !== 'part') return formatCount(value);
  return periode.includes('-') ? formatGrowth(value) : formatShare(value);
}

/** « 2010-2015 » is written as a span, with an en dash. */
const spanOf = ({ periode }: ChiffreImprime): string => periode.replace('-', '–');

function contradictedTable(figures: ChiffreImprime[]): PageTable {
  return {
    id: 'imprimes_contredits',
    caption: 'Chiffres imprimés que les données contredisent',
    headerLabel: 'Chiffre imprimé',
    columns: [
      { id: 'periode', label: 'Période', align: 'left' },
      { id: 'imprime', label: 'Imprimé' },
      { id: 'recalcule', label: 'Recalculé' },
      { id: 'remarque', label: 'Ce qui le contredit', align: 'left' }
    ],
    rows: figures.map((figure) => ({
      header: figure.libelle,
      cells: [spanOf(figure), written(figure, figure.valeur), written(figure, figure.recalcule!), figure.remarque ?? '']
    }))
  };
}

function allTable(figures: ChiffreImprime[]): PageTable {
  return {
    id: 'imprimes',
    caption: 'Chiffres imprimés',
    headerLabel: 'Chiffre imprimé',
    columns: [
      { id: 'periode', label: 'Période', align: 'left' },
      { id: 'imprime', label: 'Imprimé' },
      { id: 'contredit', label: 'Contredit par', align: 'left' },
      { id: 'document', label: 'Document', align: 'left' },
      { id: 'section', label: 'Section', align: 'left' }
    ],
    rows: figures.map((figure) => ({
      header: figure.libelle,
      cells: [
        spanOf(figure),
        written(figure, figure.valeur),
        figure.recalcule === null ? '' : written(figure, figure.recalcule),
        figure.document,
        figure.section
      ]
    }))
  };
}
