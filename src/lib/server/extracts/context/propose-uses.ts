import { readNumber, cellText } from '#lib/server/extracts/context/cells.ts';
import { PERIODS, placeColumn, SERVICE_COLUMNS } from '#lib/server/extracts/context/own-reading.ts';
import { communeByCodeOrName, communeNames } from '#lib/server/extracts/context/places.ts';
import type { ContextKnowledge } from '#lib/server/extracts/context/shape.ts';
import type { Columns } from '#lib/server/extracts/context/table.ts';
import { splitYear, VariableNames } from '#lib/server/extracts/context/values.ts';
import { looksIdentifying } from '#lib/server/extracts/identifiers.ts';
import { shapeOf, shareOf } from '#lib/server/extracts/profiles/cell-shapes.ts';
import { likenessToAny, namePartsOf } from '#lib/server/extracts/profiles/name-likeness.ts';

/** A column of a Caf's own wide extract, and what it could be. */
export interface OwnColumn {
  name: string;
  /** First texts of the column. */
  examples: string[];
  /** Year that its name ends by. */
  year: number | null;
  holdsPlaces: boolean;
  /** Code of a variable, `zone`, `periode`, or nothing. */
  proposal: string;
}

const EXAMPLES = 3;
/** A slip in one line of a few says nothing against a column. */
const MOST = 0.5;
/** Less likeness than this, or no more than to a second variable, proposes nothing: a wrong proposal may pass unseen. */
const LEAST_LIKENESS = 0.6;
const LEAST_ADVANCE = 0.08;
/** A share is no count. */
const SHARE = /%|\b(part|taux|tx|pourcentage|indice|ratio|moyenne?|evolution|rang)\b/;
/** What names people one by one counts them here: « Nb allocataires ». */
const COUNT = /^(nb|nbre?|nombre|total|effectifs?)|allocataires/;

/**
 * The columns of a wide table that may be read, each with the use that its name, or what it holds, proposes. A column
 * that seems to name a person, and one that is read by its name alone, is left out. Names that are only close to that of
 * a variable propose it when `guess` is true.
 */
export function proposeUses(
  columns: Columns,
  rows: string[][],
  knowledge: ContextKnowledge,
  guess: boolean
): OwnColumn[] {
  const places = communeNames(knowledge);
  const isPlace = (text: string) => 'code' in communeByCodeOrName(text, knowledge, places);
  const place = placeColumn(columns)?.position;
  const period = columns.at(...PERIODS);
  const named = new VariableNames(knowledge);
  const all = columns.entries.map(([bare, position]) => {
    const { values, personal } = shapeOf(rows, position);
    const name = columns.name(position);
    return {
      ...{ bare, position, name, year: splitYear(name).year, placed: shareOf(values, isPlace) },
      examples: personal ? [] : [...new Set(values)].slice(0, EXAMPLES),
      counts:
        !personal &&
        shareOf(
          values.filter((text) => cellText(text) !== null),
          isCount
        ) >= MOST
    };
  });
  const best = Math.max(...all.map(({ placed }) => placed));
  const zone = place ?? (best >= MOST ? all.find(({ placed }) => placed === best)?.position : undefined);
  const readable = all.filter(({ bare, position, placed }) => {
    if (position === zone || placed >= MOST) return true;
    return !SERVICE_COLUMNS.includes(bare) && (COUNT.test(bare) || !looksIdentifying(bare));
  });
  const measured = readable.filter(({ position, counts }) => counts && position !== zone && position !== period);
  const variables = proposeVariables(measured, named, guess ? knowledge.variables : []);
  return readable.map(({ position, name, year, examples, placed }) => ({
    ...{ name, year, examples, holdsPlaces: position === zone || placed >= MOST },
    proposal: position === zone ? 'zone' : position === period ? 'periode' : (variables.get(position) ?? '')
  }));
}

const isCount = (text: string) => !Number.isNaN(readNumber(text) ?? 0);

interface Measured {
  position: number;
  name: string;
  year: number | null;
}

/** Each variable for one column of a year: the one whose name is most like it. */
function proposeVariables(columns: Measured[], named: VariableNames, variables: ContextKnowledge['variables']) {
  const names = variables.map(({ code, libelle, synonymes }) => ({
    code,
    parts: [code, libelle, ...synonymes].map(namePartsOf)
  }));
  const found = columns.flatMap(({ position, name, year }) => {
    const known = named.ofColumn(name);
    if (known) return [{ position, year, code: known.variable.code, score: 1 }];
    if (SHARE.test(name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase())) return [];
    const header = namePartsOf(splitYear(name).stem);
    const scored = names.map(({ code, parts }) => ({ code, score: likenessToAny(header, parts) }));
    const [first, second] = scored.sort((a, b) => b.score - a.score);
    const sure = first && first.score >= LEAST_LIKENESS && first.score - (second?.score ?? 0) >= LEAST_ADVANCE;
    return sure ? [{ position, year, ...first }] : [];
  });
  const taken = new Set<string>();
  const proposals = new Map<number, string>();
  for (const { position, year, code } of found.sort((a, b) => b.score - a.score)) {
    if (taken.has(`${code} ${year}`)) continue;
    taken.add(`${code} ${year}`);
    proposals.set(position, code);
  }
  return proposals;
}
