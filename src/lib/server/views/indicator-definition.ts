import { EXTRACTS } from '#lib/domain/extracts.ts';
import { formatDate, formatInstant, formatRound, formatNumber } from '#lib/domain/format.ts';
import type { Indicator, Measure } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, targetWords } from '#lib/domain/sentence.ts';
import { toleranceOf } from '#lib/domain/target.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { extractsOf, lotTypesOf } from '#lib/server/views/indicator-lineage.ts';
import type { PageTable } from '#lib/server/views/page.ts';

export const UNIT_NAMES: Record<Indicator['unite'], string> = {
  part: '%',
  pour_mille: 'pour 1 000',
  ratio: 'rapport',
  minutes: 'minutes',
  mois: 'mois',
  jours: 'jours',
  familles: 'familles',
  interventions: 'interventions',
  rendez_vous: 'rendez-vous',
  evenements: 'événements',
  accompagnements: 'accompagnements',
  seances: 'séances',
  participants: 'participants'
};

const DIRECTIONS: Record<Indicator['sens'], string> = {
  hausse: 'Plus haut est mieux',
  baisse: 'Plus bas est mieux',
  cible: 'À tenir au plus près de la cible',
  neutre: 'Neutre : ni bon ni mauvais en soi'
};

const STATUSES: Record<Indicator['statut'], string> = {
  valide: 'Validée',
  hypothese: 'Hypothèse : notre lecture du document',
  brouillon: 'Brouillon'
};

const AGGREGATES: Record<Measure['agregat'], string> = {
  somme: '',
  distinct: ' (sans double compte)',
  duree: ' (au prorata des jours)',
  stock: ' (au dernier jour)',
  valeurs: ' : médiane et neuvième décile'
};

/** What a measure counts, and how. */
export const measureWords = (measure: Measure): string => capitalize(measure.libelle) + AGGREGATES[measure.agregat];

/** The definition as terms and texts. */
export function definitionItems(indicator: Indicator): { term: string; text: string }[] {
  const { numerateur, denominateur, complements, source } = indicator;
  const items = [
    { term: 'Question', text: indicator.question },
    { term: denominateur ? 'Numérateur' : 'Valeur', text: measureWords(numerateur) },
    { term: 'Dénominateur', text: denominateur ? measureWords(denominateur) : '' },
    { term: 'Montrés à part', text: complements.map(measureWords).join('\n') },
    { term: 'Unité', text: capitalize(UNIT_NAMES[indicator.unite]) },
    { term: 'Sens', text: DIRECTIONS[indicator.sens] },
    { term: 'À savoir', text: indicator.note?.trim() ?? '' },
    { term: 'Document source', text: source.document },
    { term: 'Section', text: source.section },
    { term: 'Responsable', text: indicator.proprietaire },
    {
      term: 'Définition',
      text: `${STATUSES[indicator.statut]}, en vigueur depuis le ${formatDate(indicator.valable_du)}`
    },
    { term: 'Identifiant', text: indicator.id }
  ];
  return items.filter(({ text }) => text !== '');
}

/** Every target the indicator has or had, with its dates and its source. */
export function targetsTable(context: ViewContext, indicator: Indicator): PageTable {
  const { reference, labels } = context.house;
  const targets = reference.objectifs.filter((one) => one.indicateur === indicator.id);
  return {
    id: 'objectifs',
    caption: `Objectifs : ${indicator.libelle}`,
    headerLabel: 'Objectif',
    columns: ['Territoire', 'En vigueur', 'Tolérance', 'Source'].map((label) => ({ id: label, label, align: 'left' })),
    rows: targets.map((one) => ({
      header: capitalize(targetWords(one, indicator.unite)),
      cells: [
        one.territoire === null ? 'Tous' : labelOf(labels, 'territoire', one.territoire),
        `depuis le ${formatDate(one.valable_du)}${one.valable_au ? `, jusqu’au ${formatDate(one.valable_au)} exclu` : ''}`,
        indicator.unite === 'part'
          ? `${formatNumber(toleranceOf(one, true) * 100, 1)} pts`
          : formatRound(toleranceOf(one, false), indicator.unite),
        one.source
      ]
    }))
  };
}

/** The same, as terms and texts. */
export function targetItems(table: PageTable): { term: string; text: string }[] {
  return table.rows.map(({ header, cells }) => {
    const [territoire, dates, tolerance, source] = cells as string[];
    const where = territoire === 'Tous' ? 'tous les territoires' : territoire;
    return { term: header, text: `${capitalize(dates!)}, ${where} ; tolérance ${tolerance}.\nSource : ${source}` };
  });
}

/** The active lots whose rows the figure is made of, the latest first. */
export function lotsTable(context: ViewContext, indicator: Indicator): PageTable {
  const types = lotTypesOf(context.house.config.root, indicator);
  const lots = context.snapshot.state.lots.filter((lot) => lot.actif && types.includes(lot.type));
  return {
    id: 'lots',
    caption: `Lots dont dépend : ${indicator.libelle}`,
    headerLabel: 'Fichier',
    columns: ['Extrait', 'Du', 'Au', 'Importé le'].map((label) => ({ id: label, label, align: 'left' })),
    rows: lots.toReversed().map((lot) => ({
      header: lot.fichier,
      href: `/donnees/imports/${lot.lot}`,
      cells: [
        EXTRACTS[lot.type].libelle,
        lot.du ? formatDate(lot.du) : '',
        lot.au ? formatDate(lot.au) : '',
        formatInstant(lot.importe_le)
      ]
    }))
  };
}

/** « Interventions, Rendez-vous »: the extracts an indicator rests on. */
export function sourceNames(context: ViewContext, indicator: Indicator): string {
  return extractsOf(context.house.config.root, indicator)
    .map((type) => EXTRACTS[type].libelle)
    .join(', ');
}
