import { formatDate, formatNumber } from '#lib/domain/format.ts';
import { countOf, listOf } from '#lib/domain/sentence.ts';
import type { Differences } from '#lib/server/extracts/differences.ts';
import {
  contextCautions,
  contextNotes,
  controlWords,
  linesWords,
  rowsOf,
  sourceWords
} from '#lib/server/extracts/reshaping/context-words.ts';
import type { ContextReport } from '#lib/server/extracts/reshaping/context-report.ts';
import type { Counts, FileRefusal, LotReport } from '#lib/server/extracts/report.ts';

const SHOWN_REASONS = 10;

/** The accounting invariant in words: terms that are zero are left out. */
export function accounting(counts: Counts & Partial<Pick<LotReport, 'type' | 'contexte'>>): string {
  const { lues, acceptees, remplacees, doublons, rejetees, ignorees } = counts;
  const terms = [
    { n: acceptees, one: 'acceptée', many: 'acceptées' },
    { n: remplacees, one: 'remplacée', many: 'remplacées' },
    { n: doublons, one: 'doublon', many: 'doublons' },
    { n: rejetees, one: 'rejetée', many: 'rejetées' },
    { n: ignorees, one: 'ignorée', many: 'ignorées' }
  ].filter(({ n }) => n > 0);
  const sum = terms.map(({ n, one, many }) => countOf(n, one, many)).join(' + ');
  const { type, contexte } = counts;
  if (type && contexte) return `${linesWords(contexte)} ; ${rowsOf(lues, type)} = ${sum || '0'}`;
  return `${countOf(lues, 'ligne lue', 'lignes lues')} = ${sum || '0'}`;
}

/** What a user has to know of a lot besides its counts, most serious first. */
export function cautions(report: LotReport): string[] {
  const { differences, avertissements, contexte } = report;
  return [
    ...(contexte ? contextCautions(contexte) : []),
    ...(differences ? differenceCautions(differences) : []),
    ...avertissements.map(({ colonne, motif, nombre, exemples }) => {
      const listed = exemples.length > 0 ? ` : ${exemples.join(', ')}${nombre > exemples.length ? '…' : ''}` : '';
      return `Colonne ${colonne} : ${motif} (${formatNumber(nombre)}${listed}). Les lignes sont gardées.`;
    })
  ];
}

/** Said where nobody can answer: the page asks instead. */
function ambiguousDates(example: string): string {
  return `Les dates se lisent dans les deux sens (« ${example} ») : elles sont lues jour/mois. Si c’est mois/jour, précisez-le (--dates mm/jj).`;
}

function contextSentences(report: ContextReport): string[] {
  const control = controlWords(report);
  return [
    report.sources.length > 0 ? `${report.libelle} : ${sourceWords(report)}.` : `${report.libelle}.`,
    ...(control === '' ? [] : [`${control}.`]),
    ...contextNotes(report)
  ];
}

/** What the new extract lacks of the previous one: probably an incomplete extraction. */
function differenceCautions(differences: Differences): string[] {
  const { disparues, territoires_disparus, fenetre_reduite, fichier, du, au } = differences;
  const window = `${formatDate(du)} au ${formatDate(au)}`;
  return [
    territoires_disparus.length > 0
      ? `${territoires_disparus.length > 1 ? 'Territoires disparus' : 'Territoire disparu'} depuis « ${fichier} » : ${listOf(territoires_disparus)}.`
      : '',
    disparues > 0
      ? `${countOf(disparues, 'ligne de « ' + fichier + ' » n’est plus', 'lignes de « ' + fichier + ' » ne sont plus')} dans cet extrait : elles restent dans les données.`
      : '',
    fenetre_reduite.debut || fenetre_reduite.fin
      ? `La période couverte est plus courte que celle de « ${fichier} » (${window}).`
      : ''
  ].filter((sentence) => sentence !== '');
}

/** « 12 nouvelles, 3 modifiées, 40 inchangées depuis « rdv.csv » ». */
export function differenceSentence({ nouvelles, modifiees, inchangees, fichier }: Differences): string {
  const terms = [
    countOf(nouvelles, 'ligne nouvelle', 'lignes nouvelles'),
    countOf(modifiees, 'modifiée', 'modifiées'),
    countOf(inchangees, 'inchangée', 'inchangées')
  ];
  return `Par rapport à « ${fichier} » : ${listOf(terms)}.`;
}

/** The report of one file in sentences, for a terminal or a text file. */
export function reportSentences(report: LotReport | FileRefusal): string[] {
  if ('refus' in report) return [`${report.fichier} : refusé. ${report.refus}`];
  const shown = report.rejets_par_motif.slice(0, SHOWN_REASONS).map(({ colonne, motif, nombre, premiere_ligne }) => {
    const where =
      nombre === 1 ? `ligne ${premiere_ligne}` : `${formatNumber(nombre)} lignes, la première ${premiere_ligne}`;
    return `  ${colonne ?? 'ligne entière'} : ${motif} (${where})`;
  });
  const more = report.rejets_par_motif.length - shown.length;
  const context = report.contexte ? contextSentences(report.contexte) : [];
  return [
    ...context.map((sentence) => `${report.fichier} : ${sentence}`),
    ...(shown.length > 0 ? [`${report.fichier} : lignes rejetées`, ...shown] : []),
    ...(more > 0 ? [`  … et ${formatNumber(more)} autres motifs (--format json les donne tous)`] : []),
    ...(report.differences ? [`${report.fichier} : ${differenceSentence(report.differences)}`] : []),
    ...(report.lecture?.date_ambigue ? [`${report.fichier} : ${ambiguousDates(report.lecture.date_ambigue)}`] : []),
    ...cautions(report).map((sentence) => `${report.fichier} : ${sentence}`)
  ];
}
