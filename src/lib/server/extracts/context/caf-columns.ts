import type { ContextLevel } from '#lib/server/extracts/context/shape.ts';
import type { Columns } from '#lib/server/extracts/context/table.ts';

/** The site gives its files with the names of its columns, or with their labels: « Nombre foyers RSA » is `indfoy_rsa`. */
const LABELS: [RegExp, string][] = [
  [/^datereference$/, 'dtreffre'],
  [/^nombrefoyers(?=.)/, 'indfoy'],
  [/^nombrepersonnes(?=.)/, 'indnbp'],
  [/^nombrebeneficiaires(?=.)/, 'indben'],
  [/^montanttotal(?=.)/, 'indmtt'],
  [/^numero(?=.)/, 'num']
];

/** The bare name of a column as the site's files have it, whether it is given by its name or by its label. */
export function technicalName(bare: string): string {
  const label = LABELS.find(([pattern]) => pattern.test(bare));
  return label ? bare.replace(label[0], label[1]) : bare;
}

/** Codes of places, the finest first: a file by quarter tells the commune too. */
const PLACES: [ContextLevel, RegExp][] = [
  ['qpv', /^(num|code?|id)\w*(qpv|quartier)/],
  ['epci', /^(num|code?|siren)\w*epci/],
  ['commune', /^(numcom|code?com|code?insee)/],
  ['departement', /^(numdep|code?dep)/]
];
const NAMES: Record<ContextLevel, RegExp> = {
  qpv: /^nom(qpv|quartier)/,
  epci: /^nomepci/,
  ept: /^nomept/,
  commune: /^nomcom/,
  departement: /^nomdep/
};
/** Other columns about places or dates; what is left is a breakdown (`rsa_type`, `qf_400`). */
const ABOUT_PLACES = /^(num|nom|cod|lib|lieu|id|geo|reg|dep|annee|mois|date)/;

export interface CafColumns {
  level: ContextLevel;
  place: number;
  /** -1 when the file has none. */
  name: number;
  period: number;
  counts: { technical: string; position: number }[];
  breakdowns: number[];
}

/** What each column of an export of data.caf.fr is; null when the header is not one. */
export function cafColumns(columns: Columns): CafColumns | null {
  const all = columns.entries.map(([bare, position]) => ({ technical: technicalName(bare), position }));
  const at = (pattern: RegExp) => all.find(({ technical }) => pattern.test(technical))?.position ?? -1;
  const [level, pattern] = PLACES.find((each) => at(each[1]) >= 0) ?? [];
  const counts = all.filter(({ technical }) => /^ind(foy|nbp|ben)/.test(technical));
  const period = at(/^dtreffre$/);
  if (!level || period < 0 || counts.length === 0) return null;
  const place = at(pattern!);
  const breakdowns = all.filter(
    ({ technical, position }) =>
      position !== place && position !== period && !technical.startsWith('ind') && !ABOUT_PLACES.test(technical)
  );
  return {
    level,
    place,
    name: at(NAMES[level]),
    period,
    counts,
    breakdowns: breakdowns.map(({ position }) => position)
  };
}
