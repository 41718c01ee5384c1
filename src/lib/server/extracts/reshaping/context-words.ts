import { formatDate, formatGrowth, formatNumber, NO_BREAK_SPACE } from '#lib/domain/format.ts';
import { countOf, listOf } from '#lib/domain/sentence.ts';
import type { ContextCommunes, ContextReport, ContextTotal } from '#lib/server/extracts/reshaping/context-report.ts';
import type { LotReport } from '#lib/server/extracts/report.ts';

const SHOWN = 8;
/** A total that moves more than this from one date to the next is to be checked. */
const USUAL_CHANGE = 0.1;

const UNITS: Record<string, [one: string, many: string]> = {
  habitants: ['habitant', 'habitants'],
  foyers: ['foyer', 'foyers'],
  personnes: ['personne', 'personnes'],
  euros: ['euro', 'euros']
};

/** What a context lot is counted in. */
const COUNTED: Record<string, [one: string, many: string]> = {
  contexte: ['valeur', 'valeurs'],
  geographie: ['relation', 'relations'],
  contours: ['forme', 'formes']
};

/** `47 valeurs`, `12 lignes`: what the rows of a lot are called. */
export function rowsOf(count: number, type: LotReport['type']): string {
  const [one, many] = COUNTED[type] ?? ['ligne', 'lignes'];
  return countOf(count, one, many);
}

/** « 2023 », « 2010 à 2023 »: the dates of a lot of context, days written short. */
export function spanWords(du: string | null, au: string | null): string {
  const short = (day: string) => (day.endsWith('-01-01') ? day.slice(0, 4) : day.split('-').toReversed().join('/'));
  if (!du || !au) return '';
  return du === au ? short(du) : `${short(du)} à ${short(au)}`;
}

/** « 2023 » for a vintage, « 31 décembre 2024 » for a count made on a day. */
export function periodWords(periode: string): string {
  return periode.endsWith('-01-01') ? periode.slice(0, 4) : formatDate(periode);
}

/** « 1 426 929 habitants ». */
export function totalWords({ total, unite }: Pick<ContextTotal, 'total' | 'unite'>): string {
  if (total === null) return 'aucune valeur';
  const [one, many] = UNITS[unite] ?? [unite, unite];
  return countOf(Math.round(total), one, many).trim();
}

/** « +0,5 % depuis 2022 », empty when nothing came before. */
export function changeWords({ precedent, zones }: ContextTotal): string {
  if (!precedent || precedent.avant === 0) return '';
  const growth = formatGrowth(precedent.total / precedent.avant - 1);
  const among = precedent.zones < zones ? ` (${formatNumber(precedent.zones)} lieux comparables)` : '';
  const { periode } = precedent;
  return `${growth} depuis ${periode.endsWith('-01-01') ? '' : 'le '}${spanWords(periode, periode)}${among}`;
}

/** « 34 965 lignes lues, dont 34 918 ignorées ; ». */
export function linesWords({ lignes, lignes_ignorees }: ContextReport): string {
  const read = countOf(lignes, 'ligne lue', 'lignes lues');
  return lignes_ignorees > 0 ? `${read}, dont ${countOf(lignes_ignorees, 'ignorée', 'ignorées')}` : read;
}

/** « Insee, populations légales, millésime 2023 (Licence Ouverte 2.0) ». */
export function sourceWords({ sources, licences }: ContextReport): string {
  const origin = sources.length > 3 ? `${formatNumber(sources.length)} sources` : sources.join(' ; ');
  return licences.length > 0 ? `${origin} (${licences.join(', ')})` : origin;
}

/** What tells that the file is whole: « 47 communes, toutes celles du département ; 1 426 929 habitants ». */
export function controlWords({ communes, totaux, relations }: ContextReport): string {
  const only = totaux.length === 1 ? totaux[0]! : null;
  const dates = new Set(totaux.map(({ periode }) => periode)).size;
  const variables = new Set(totaux.map(({ variable }) => variable)).size;
  const figures = only
    ? [totalWords(only), changeWords(only)].filter((part) => part !== '').join(', ')
    : totaux.length > 0
      ? `${countOf(variables, 'variable')}, ${countOf(dates, 'date')}`
      : relations.map(relationWords).join(', ');
  return [communes ? coverage(communes) : '', figures].filter((part) => part !== '').join(' ; ');
}

const coverage = ({ trouvees, attendues }: ContextCommunes) =>
  trouvees === attendues
    ? `${countOf(trouvees, 'commune')}, toutes celles du département`
    : `${countOf(trouvees, 'commune')} sur ${formatNumber(attendues)}`;

function relationWords({ relation, communes, groupes }: ContextReport['relations'][number]): string {
  if (relation === 'devient') return countOf(communes, 'commune a changé', 'communes ont changé');
  if (relation === 'actuelle') return countOf(communes, 'commune actuelle', 'communes actuelles');
  return `${formatNumber(groupes)}${NO_BREAK_SPACE}${relation.toUpperCase()}`;
}

/** What has to be checked before a file of context is accepted. */
export function contextCautions({ communes, totaux, annee_supposee }: ContextReport): string[] {
  const moved = totaux.filter(
    ({ precedent }) => precedent && Math.abs(precedent.total / precedent.avant - 1) > USUAL_CHANGE
  );
  return [
    ...(annee_supposee === null
      ? []
      : [`L’année ${annee_supposee} est celle du nom du fichier, qui n’en dit pas d’autre : vérifiez-la.`]),
    ...(communes ? communeCautions(communes) : []),
    ...moved
      .slice(0, SHOWN)
      .map((total) => `À vérifier : ${total.libelle}, ${periodWords(total.periode)} : ${changeWords(total)}.`)
  ];
}

function communeCautions({ manquantes, inconnues }: ContextCommunes): string[] {
  const missing = manquantes.map(({ code, nom }) => `${nom} (${code})`);
  return [
    missing.length > 0
      ? `${countOf(missing.length, 'commune manque', 'communes manquent')} : ${shortList(missing)}.`
      : '',
    inconnues.length > 0
      ? `${countOf(inconnues.length, 'code de commune inconnu', 'codes de commune inconnus')} : ${shortList(inconnues)}. Pour savoir ce qu’${inconnues.length > 1 ? 'ils sont devenus' : 'il est devenu'}, déposez les mouvements de communes de l’Insee.`
      : ''
  ].filter((sentence) => sentence !== '');
}

/** What is good to know of a file of context: former codes, blanks, rounding, what was left aside. */
export function contextNotes({ communes, totaux, ignorees }: ContextReport): string[] {
  const former = (communes?.anciennes ?? []).map(
    ({ code, vers }) => `${code} (${listOf(vers.map((each) => `${each.nom} ${each.code}`))})`
  );
  const blank = totaux.reduce((sum, { zones, renseignees }) => sum + zones - renseignees, 0);
  const step = Math.max(0, ...totaux.map(({ arrondi }) => arrondi ?? 0));
  return [
    former.length > 0
      ? `${countOf(former.length, 'code n’a plus cours', 'codes n’ont plus cours')}, et se lit dans la commune actuelle : ${shortList(former)}.`
      : '',
    blank > 0
      ? `${countOf(blank, 'valeur vide ou secrète', 'valeurs vides ou secrètes')} : gardées comme inconnues, jamais comme zéro.`
      : '',
    step > 1
      ? `La source arrondit à ${formatNumber(step)} près : les totaux s’écartent un peu de ceux qu’elle publie.`
      : '',
    ...ignorees.map(({ motif, nombre, unite }) =>
      unite === 'lignes'
        ? `${countOf(nombre, 'ligne ignorée', 'lignes ignorées')} : ${motif}.`
        : `${countOf(nombre, 'valeur ignorée', 'valeurs ignorées')} : ${motif}.`
    )
  ].filter((sentence) => sentence !== '');
}

function shortList(items: string[]): string {
  const others = items.length - SHOWN;
  return others > 1 ? listOf([...items.slice(0, SHOWN), `${formatNumber(others)} autres`]) : listOf(items);
}
