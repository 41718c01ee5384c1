import { EXTRACTS, type ColumnKind, type ExtractColumn, type ExtractContract } from '#lib/domain/extracts.ts';
import { literal } from '#lib/server/warehouse/database.ts';
import { codesOf } from '#lib/server/extracts/code-lists.ts';
import type { Mapping } from '#lib/server/extracts/mapping.ts';
import { columnChecks, type ReadingContext } from '#lib/server/extracts/reading-sql.ts';

const UNREADABLE: Record<ColumnKind, string> = {
  cle: 'valeur illisible.',
  cles: 'liste illisible : des codes séparés par une barre sont attendus (A01|A02).',
  texte: 'valeur illisible.',
  famille: 'valeur illisible.',
  date: 'date illisible : écrivez jj/mm/aaaa (31/12/2024) ou aaaa-mm-jj (2024-12-31).',
  mois: 'mois illisible : écrivez aaaa-mm (2024-12) ou mm/aaaa (12/2024).',
  code: 'code inconnu.',
  commune: 'commune inconnue : donnez son code Insee à 5 caractères, ou le nom d’une commune du département.',
  entier: 'nombre entier illisible : écrivez par exemple 45.',
  decimal: 'nombre illisible : écrivez par exemple 0,8.',
  booleen: 'valeur illisible : écrivez oui ou non.'
};
const MOST_CODES_LISTED = 15;

/** Fills the holes of `rejets.sql`: one select per column that can be wrong, with its reasons. */
export function rejectHoles(mapping: Mapping, context: ReadingContext): Record<string, string> {
  const contract = EXTRACTS[mapping.type];
  const wrongWidth = literal(
    `nombre de colonnes : la ligne n’en compte pas autant que l’en-tête (${mapping.width}). Vérifiez le séparateur et les guillemets.`
  );
  const selects = [
    `select _ligne, 0 as position, null::varchar as colonne, null::varchar as valeur, ${wrongWidth} as motif from debordantes`,
    `select _ligne, 0, null, null, 'ligne illisible : un guillemet est mal placé. Corrigez-la dans l’extrait.' from mal_citees`,
    ...contract.colonnes.map((column, index) => columnReasons(column, index + 1, contract, context))
  ];
  return {
    motifs: selects.join('\n  union all\n  '),
    champs: contract.colonnes
      .map(({ nom, genre }) => `${rejectedField(nom, genre)} as ${fieldOfReject(nom)}`)
      .join(', ')
  };
}

/** Name of a column of the contract among those of a rejected row, which has a `motif` of its own. */
export const fieldOfReject = (nom: string) => (nom === 'motif' ? 'motif_lu' : nom);

function rejectedField(nom: string, genre: ColumnKind): string {
  const text = genre === 'cles' ? `array_to_string(s.${nom}, '|')` : `s.${nom}::varchar`;
  // A pseudonym is 64 characters long: its digits mean nothing.
  if (genre === 'famille') return `if(strlen(${text}) = 64, ${text}, masque_si(s._glissee, ${text}))`;
  return `masque_si(s._glissee or s._rare_${nom}, coalesce(s._ecart_${nom}, ${text}))`;
}

function columnReasons(
  column: ExtractColumn,
  position: number,
  contract: ExtractContract,
  context: ReadingContext
): string {
  const { nom, requis } = column;
  const checks = columnChecks(column, contract, context).map(
    ({ when, reason }) => `when ${when} then ${literal(reason)}`
  );
  const required = literal(`valeur obligatoire absente : renseignez « ${nom} » dans l’extrait.`);
  return `select _ligne, ${position}, ${literal(nom)}, masque_si(_glissee or _rare_${nom}, _ecart_${nom}),
    case
      when _ecart_${nom} is null then ${required}
      when ${nom} is null then ${literal(unreadable(column, context))}
      ${checks.join('\n      ')}
    end
  from suspectes
  where not _ignoree and not _surplus and (_ecart_${nom} is not null${requis ? ` or ${nom} is null` : ''})`;
}

function unreadable({ genre, liste }: ExtractColumn, { reference }: ReadingContext): string {
  if (genre !== 'code') return UNREADABLE[genre];
  const codes = codesOf(reference, liste!);
  const listed = codes.slice(0, MOST_CODES_LISTED).join(', ') + (codes.length > MOST_CODES_LISTED ? '…' : '');
  return `code inconnu : valeurs admises ${listed}.`;
}
