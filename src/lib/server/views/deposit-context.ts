import { bareName } from '#lib/domain/bare-name.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { typeset } from '#lib/domain/sentence.ts';
import { WIDE_EXTRACT } from '#lib/server/extracts/context/own-extract.ts';
import type { OwnColumn } from '#lib/server/extracts/context/propose-uses.ts';
import type { Deposit } from '#lib/server/extracts/deposits/deposit.ts';
import { ContextQuestion } from '#lib/server/extracts/reshaping/context-question.ts';
import { readOwnColumns } from '#lib/server/extracts/reshaping/own-columns.ts';
import type { ViewContext } from '#lib/server/views/context.ts';

interface Option {
  value: string;
  label: string;
}

/** The form that says what each column of a Caf's own table of context holds. */
export interface ContextColumnsForm {
  /** False when the file was read: its columns can then be corrected. */
  asked: boolean;
  places: Option[];
  /** Column of the communes; empty when none seems to be. */
  place: string;
  /** Every other column, with what it holds: empty when it is not to be read. */
  columns: { name: string; detail: string; use: string }[];
  uses: { label: string; options: Option[] }[];
  /** Null when a column of the file gives it. */
  year: { value: string; hint: string } | null;
}

/** What the columns of a table hold, to be said or corrected; null when it is no table of context with such columns. */
export async function contextColumns(
  { house: { reference } }: ViewContext,
  deposit: Deposit,
  index: number
): Promise<ContextColumnsForm | null> {
  const outcome = deposit.outcomeOf(index);
  if (deposit.phase !== 'pret' || !outcome) return null;
  const asked = outcome.error instanceof ContextQuestion && outcome.error.needs.includes('colonnes');
  const read = 'refus' in outcome.report ? null : outcome.report.contexte?.forme;
  if (!asked && read !== WIDE_EXTRACT) return null;
  const choices = deposit.choices.get(index) ?? {};
  const found = await readOwnColumns(deposit.tables[index]!, choices, reference);
  if (!found) return null;
  const { colonnes: said, millesime } = choices.context ?? {};
  // A form writes the line ends of a name in its own way.
  const answers = said && new Map(Object.entries(said).map(([name, use]) => [bareName(name), use]));
  const useOf = ({ name, proposal }: OwnColumn) => (answers ? (answers.get(bareName(name)) ?? '') : proposal);
  const uses = new Map(found.columns.map((column) => [column.name, useOf(column)]));
  const place = found.columns.find(({ name }) => uses.get(name) === 'zone')?.name ?? '';
  const proposedPlace = found.columns.find(({ proposal }) => proposal === 'zone')?.name;
  const year = millesime ?? found.year;
  return {
    ...{ asked, place, uses: usesOf(reference) },
    places: found.columns
      .toSorted((a, b) => Number(b.holdsPlaces) - Number(a.holdsPlaces))
      .map(({ name }) => ({ value: name, label: name })),
    columns: found.columns
      .filter(({ name }) => name !== place && (place !== '' || name !== proposedPlace))
      .map(({ name, examples, year: own }) => ({
        ...{ name, use: uses.get(name)! },
        detail: typeset([own === null ? '' : `année ${own}`, examples.join(' · ')].filter(Boolean).join(' : '))
      })),
    year: [...uses.values()].includes('periode')
      ? null
      : {
          value: year === null ? '' : String(year),
          hint: millesime === undefined && year !== null ? `Le nom du fichier laisse penser à ${year} : vérifiez.` : ''
        }
  };
}

/** Groups of `variables.csv` in words; one that a Caf adds is shown as it is. */
const GROUPS: Record<string, string> = {
  population: 'Population',
  allocataires: 'Allocataires',
  ressources: 'Ressources',
  familles: 'Familles',
  prestations: 'Prestations'
};

function usesOf({ variables }: Reference): ContextColumnsForm['uses'] {
  const groups = [...new Set(variables.map(({ groupe }) => groupe))];
  return [
    { label: 'Date', options: [{ value: 'periode', label: 'Date ou année de chaque ligne' }] },
    ...groups.map((group) => ({
      label: GROUPS[group] ?? group,
      options: variables
        .filter(({ groupe }) => groupe === group)
        .map(({ code, libelle }) => ({ value: code, label: typeset(libelle) }))
    }))
  ];
}
