import { Ambiguous } from '#lib/server/extracts/mapping.ts';
import type { TableOutcome } from '#lib/server/extracts/prepare.ts';
import { ContextQuestion } from '#lib/server/extracts/reshaping/context-question.ts';

/** Something only the user knows, with its possible answers: each sets one field of the reading. */
export interface Question {
  text: string;
  field: 'dates' | 'type' | 'profil' | 'millesime' | 'colonnes';
  answers: { value: string; label: string }[];
  /** An answer to type, with the one that is proposed; null when the answers above are all there are. */
  entry: { label: string; value: string } | null;
}

/** What only the user can say of a table; null when it says all of itself. */
export function questionOf({ report, error }: TableOutcome): Question | null {
  if (error instanceof Ambiguous) {
    return {
      text:
        error.choices[0]!.kind === 'type'
          ? 'Deux types d’extrait conviennent : lequel est-ce ?'
          : 'Deux profils conviennent : lequel est-ce ?',
      field: error.choices[0]!.kind,
      answers: error.choices.map(({ value, label }) => ({ value, label })),
      entry: null
    };
  }
  if (error instanceof ContextQuestion)
    return error.needs.includes('colonnes') ? columnsQuestion(error) : yearQuestion(error);
  if ('refus' in report || !report.lecture?.date_ambigue) return null;
  return {
    text: `Toutes les dates de ce fichier se lisent dans les deux sens. Que veut dire « ${report.lecture.date_ambigue} » ?`,
    field: 'dates',
    answers: [
      { value: 'jj/mm', label: `Jour/mois : ${dayWords(report.lecture.date_ambigue, 'jj/mm')}` },
      { value: 'mm/jj', label: `Mois/jour : ${dayWords(report.lecture.date_ambigue, 'mm/jj')}` }
    ],
    entry: null
  };
}

/** Answered column by column (`deposit-context.ts`). */
function columnsQuestion({ problem }: ContextQuestion): Question {
  const text =
    problem ??
    'Dites quelle colonne porte la commune, puis ce que compte chacune des autres. Seules les colonnes associées sont lues.';
  return { text, field: 'colonnes', answers: [], entry: null };
}

function yearQuestion({ libelle, proposals }: ContextQuestion): Question {
  const { millesime } = proposals;
  const hint = millesime === undefined ? '' : ` Le nom du fichier laisse penser à ${millesime} : vérifiez.`;
  return {
    text: `${libelle} : le fichier ne dit pas de quelle année sont ses valeurs.${hint}`,
    field: 'millesime',
    answers: [],
    entry: { label: 'Année', value: millesime === undefined ? '' : String(millesime) }
  };
}

const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ');

/** « 3 avril » for 03/04/2025 read day first. */
function dayWords(text: string, order: 'jj/mm' | 'mm/jj'): string {
  const [first = 1, second = 1] = text.split(/[/.-]/).map(Number);
  const [day, month] = order === 'jj/mm' ? [first, second] : [second, first];
  return `${day === 1 ? '1er' : day} ${MONTHS[month - 1] ?? ''}`;
}
