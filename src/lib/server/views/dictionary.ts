import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { formatValue } from '#lib/domain/format.ts';
import { GROUPS, GROUP_LABELS, type Group, type Indicator, type Unit } from '#lib/domain/indicator.ts';
import { capitalize, countOf, STATUS_WORDS, targetWords } from '#lib/domain/sentence.ts';
import type { Status } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import { COMPARISON_SUFFIXES, frameOf } from '#lib/server/views/frame.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';

/** One line of the dictionary. */
export interface DictionaryEntry {
  id: string;
  label: string;
  question: string;
  href: string;
  cell: Cell;
  unit: Unit;
  /** « Au moins 70 % », null without target. */
  target: string | null;
  status: Status | null;
  change: string | null;
  /** The definition is our reading of the source. */
  hypothesis: boolean;
}

export interface DictionaryView extends PageView {
  title: string;
  lead: string;
  groups: { id: Group; label: string; entries: DictionaryEntry[] }[];
}

/** `/indicateurs`: every indicator, its question, where it stands. */
export async function dictionary(context: ViewContext): Promise<DictionaryView> {
  const indicators = [...context.house.catalogue.values()];
  const now = await figures(context, { indicators });
  const frame = frameOf(context);
  const groups = GROUPS.map((id) => {
    const own = indicators.filter((one) => one.groupe === id);
    return { id, label: GROUP_LABELS[id], entries: own.map((one) => entryOf(context, one, now)) };
  }).filter(({ entries }) => entries.length > 0);
  const entries = groups.flatMap((group) => group.entries);
  const engaged = entries.filter(({ target }) => target !== null).length;
  return {
    frame,
    title: `${countOf(entries.length, 'indicateur')}, dont ${engaged} avec un objectif daté et sourcé`,
    lead: 'Chacun ouvre sur sa définition, son document source, son calcul en SQL, ses 24 derniers mois et sa ventilation.',
    groups,
    tables: [tableOf(entries, frame.windowLabel)]
  };
}

function entryOf(context: ViewContext, indicator: Indicator, now: Figures): DictionaryEntry {
  const { cell, target, status, change } = now.judged(indicator.id);
  return {
    id: indicator.id,
    label: indicator.libelle,
    question: indicator.question,
    href: `/indicateurs/${indicator.id}${viewSearch(context.state)}`,
    cell,
    unit: indicator.unite,
    target: target && capitalize(targetWords(target, indicator.unite)),
    status,
    change: change && `${change} ${COMPARISON_SUFFIXES[context.state.comparison]}`,
    hypothesis: indicator.statut === 'hypothese'
  };
}

function tableOf(entries: DictionaryEntry[], windowLabel: string): PageTable {
  const columns = ['Identifiant', 'Question', 'Valeur', 'Objectif', 'Statut', 'Évolution'];
  return {
    id: 'indicateurs',
    caption: `Indicateurs, ${windowLabel}`,
    headerLabel: 'Indicateur',
    columns: columns.map((label) => ({ id: label, label, align: 'left' })),
    rows: entries.map((one) => {
      const value = shownValue(one.cell);
      return {
        header: one.label,
        href: one.href,
        cells: [
          one.id,
          one.question,
          value === null ? one.cell : formatValue(value, one.unit),
          one.target ?? '',
          one.status === null ? '' : STATUS_WORDS[one.status],
          one.change ?? ''
        ]
      };
    })
  };
}
