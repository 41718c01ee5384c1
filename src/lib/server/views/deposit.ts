import { error } from '@sveltejs/kit';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { isContext } from '#lib/domain/extracts.ts';
import { formatNumber } from '#lib/domain/format.ts';
import { countOf, listOf } from '#lib/domain/sentence.ts';
import { findDeposit } from '#lib/server/extracts/deposits/registry.ts';
import type { Deposit, Phase } from '#lib/server/extracts/deposits/deposit.ts';
import { Unrecognised } from '#lib/server/extracts/mapping.ts';
import type { LotReport } from '#lib/server/extracts/report.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import type { Effect } from '#lib/server/views/import-effect.ts';
import { lotReport, type FileReport } from '#lib/server/views/import-report.ts';
import { effectOfTrial } from '#lib/server/views/import-trial.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import { contextColumns, type ContextColumnsForm } from '#lib/server/views/deposit-context.ts';
import { questionOf, type Question } from '#lib/server/views/deposit-question.ts';
import { progressOf, type DepositProgress } from '#lib/server/views/deposit-progress.ts';
import { readingForm, readingWords, type ReadingForm } from '#lib/server/views/deposit-reading.ts';

/** One table of a deposit: a file, a sheet, a member of an archive. */
export interface DepositItem {
  index: number;
  name: string;
  state: 'lu' | 'question' | 'inconnu' | 'refuse' | 'ecarte';
  report: FileReport | null;
  /** Why it is refused, or what is not known. */
  reason: string | null;
  question: Question | null;
  contextColumns: ContextColumnsForm | null;
  /** The user may say that it is a file of context, or said so. */
  context: 'propose' | 'dit' | null;
  /** How it was read, in words. */
  reading: string | null;
  form: ReadingForm;
  /** Page of the mapping assistant; null for a file of context, whose columns are known. */
  assistant: string | null;
  unknownCodes: string | null;
}

export interface DepositView extends PageView {
  id: string;
  phase: Phase;
  title: string;
  lead: string | null;
  progress: DepositProgress;
  failure: string | null;
  items: DepositItem[];
  refused: { file: string; reason: string }[];
  effect: Effect | null;
  /** Label of the button that confirms; null when nothing can be confirmed. */
  confirm: string | null;
}

/** The deposit of that id; one that is over or of another server is a 404 that says so. */
export function requireDeposit(id: string | undefined): Deposit {
  const deposit = findDeposit(id ?? '');
  if (deposit) return deposit;
  error(404, {
    message:
      'Ce dépôt n’existe plus : il a été abandonné, ou le serveur a redémarré. Rien n’a été enregistré ; déposez de nouveau les fichiers.'
  });
}

/** Throws `BadRequest` unless the deposit waits for the user. */
export function requireReady(deposit: Deposit): void {
  if (deposit.phase !== 'pret') throw new BadRequest('Ce dépôt n’est pas prêt : attendez la fin de sa lecture.');
}

/** `/donnees/depots/[depot]`: what the dropped files hold and would change, before anything is in the data. */
export async function depositView(context: ViewContext, params: Record<string, string>): Promise<DepositView> {
  const deposit = requireDeposit(params.depot);
  const items =
    deposit.phase === 'lecture' && !deposit.prepared
      ? []
      : await Promise.all(deposit.tables.map((_table, index) => itemOf(context, deposit, index)));
  const view = {
    id: deposit.id,
    phase: deposit.phase,
    title: titleOf(deposit),
    lead: leadOf(deposit),
    progress: progressOf(deposit),
    failure: deposit.failure,
    items,
    refused: deposit.refused.map(({ fichier, refus }) => ({ file: fichier, reason: refus })),
    effect: await effectOf(context, deposit),
    confirm: confirmLabel(deposit)
  };
  return {
    frame: frameOf(context),
    ...view,
    tables: [accountsTable(deposit), ...(view.effect?.table ? [{ id: 'effet', ...view.effect.table }] : [])]
  };
}

const effects = new WeakMap<object, Promise<Effect>>();

/** Measured once for each reading. */
function effectOf({ house }: ViewContext, deposit: Deposit): Promise<Effect> | null {
  const { trial, prepared } = deposit;
  if (!trial || !prepared) return null;
  const known = effects.get(trial);
  if (known) return known;
  if (deposit.phase !== 'pret') return null;
  const effect = effectOfTrial(house, trial, prepared);
  effects.set(trial, effect);
  effect.catch(() => effects.delete(trial));
  return effect;
}

function lotsOf(deposit: Deposit): LotReport[] {
  return (deposit.prepared?.outcomes ?? []).flatMap(({ report }) => ('refus' in report ? [] : [report]));
}

const total = (lots: LotReport[], count: (lot: LotReport) => number) => lots.reduce((sum, lot) => sum + count(lot), 0);

function titleOf(deposit: Deposit): string {
  const { phase, files } = deposit;
  if (phase === 'attente' || phase === 'lecture') return `Lecture de ${countOf(files.length, 'fichier')}`;
  if (phase === 'enregistrement') return 'Enregistrement en cours';
  if (phase === 'echec') return 'Dépôt arrêté : rien n’a été enregistré';
  const lots = lotsOf(deposit);
  const brought = broughtWords(lots, ' nouvelle ou modifiée', ' nouvelles ou modifiées');
  const rejected = total(lots, (lot) => lot.rejetees);
  if (lots.length === 0) return 'Aucun fichier ne peut encore être enregistré';
  const what = brought || 'rien de nouveau';
  const rest = rejected > 0 ? `, ${countOf(rejected, 'rejetée', 'rejetées')}` : '';
  return phase === 'enregistre' ? `Import enregistré : ${what}${rest}` : `À confirmer : ${what}${rest}`;
}

function leadOf(deposit: Deposit): string | null {
  const { phase } = deposit;
  if (phase === 'enregistre') return 'Les chiffres sont à jour. Chaque lot s’annule depuis sa page.';
  if (phase !== 'pret') return null;
  const open = (deposit.prepared?.outcomes ?? []).filter((outcome) => questionOf(outcome) !== null).length;
  if (open > 0)
    return `Rien n’est encore dans les données : ${countOf(open, 'question attend', 'questions attendent')} votre réponse.`;
  return 'Rien n’est encore dans les données : vérifiez, corrigez la lecture s’il le faut, puis confirmez.';
}

function confirmLabel(deposit: Deposit): string | null {
  const lots = lotsOf(deposit);
  if (deposit.phase !== 'pret' || lots.length === 0 || deposit.openDates().length > 0) return null;
  const brought = broughtWords(lots, '', '');
  if (brought === '') return 'Enregistrer au journal';
  return `Enregistrer ${brought.includes(' et ') ? countOf(lots.length, 'fichier') : brought}`;
}

/** « 47 valeurs de contexte et 1 200 lignes nouvelles ou modifiées »; empty when nothing is new. */
function broughtWords(lots: LotReport[], lineSuffix: string, linesSuffix: string): string {
  const of = (keep: (type: LotReport['type']) => boolean) =>
    total(
      lots.filter(({ type }) => keep(type)),
      (lot) => lot.acceptees + lot.remplacees
    );
  const terms = [
    { n: of((type) => type === 'contexte'), one: 'valeur de contexte', many: 'valeurs de contexte' },
    { n: of((type) => type === 'geographie'), one: 'relation entre communes', many: 'relations entre communes' },
    { n: of((type) => type === 'contours'), one: 'contour', many: 'contours' },
    { n: of((type) => !isContext(type)), one: `ligne${lineSuffix}`, many: `lignes${linesSuffix}` }
  ];
  return listOf(terms.filter(({ n }) => n > 0).map(({ n, one, many }) => countOf(n, one, many)));
}

async function itemOf(context: ViewContext, deposit: Deposit, index: number): Promise<DepositItem> {
  const outcome = deposit.outcomeOf(index);
  const report = outcome && !('refus' in outcome.report) ? outcome.report : null;
  const state = stateOf(deposit, index);
  const { name, format } = deposit.tables[index]!;
  const saidContext = deposit.choices.get(index)?.context?.type !== undefined;
  return {
    ...{ index, name, state },
    report: report && lotReport(deposit.phase === 'enregistre' ? report : { ...report, lot: null }),
    reason: outcome?.error ? reasonOf(outcome.error) : null,
    question: outcome ? questionOf(outcome) : null,
    contextColumns: await contextColumns(context, deposit, index),
    context: saidContext ? 'dit' : state === 'inconnu' && format !== 'parquet' ? 'propose' : null,
    reading: report && readingWords(report),
    form: readingForm(context, deposit, index, report),
    assistant: saidContext || report?.contexte ? null : `/donnees/depots/${deposit.id}/${index + 1}`,
    unknownCodes: report && unknownCodes(report)
  };
}

function stateOf(deposit: Deposit, index: number): DepositItem['state'] {
  const outcome = deposit.outcomeOf(index);
  if (deposit.excluded.has(index)) return 'ecarte';
  if (outcome && questionOf(outcome)) return 'question';
  if (outcome && !('refus' in outcome.report)) return 'lu';
  return outcome?.error instanceof Unrecognised && outcome.error.names.length > 0 ? 'inconnu' : 'refuse';
}

const SHOWN_NAMES = 8;

/** What is not known of a table; the contract of every type is one click away. */
function reasonOf(refusal: Error): string {
  if (!(refusal instanceof Unrecognised) || refusal.nearest) return refusal.message;
  if (refusal.names.length === 0) return 'Aucun en-tête n’est lisible : ce fichier n’est pas un tableau.';
  const names = refusal.names.filter((name) => name !== '').map((name) => `« ${name} »`);
  const others = names.length - SHOWN_NAMES;
  const shown = others > 1 ? [...names.slice(0, SHOWN_NAMES), `${formatNumber(others)} autres`] : names;
  return `Vigie ne connaît pas encore ces colonnes : ${listOf(shown)}. Associez-les une fois : les fichiers suivants seront reconnus seuls.`;
}

const SHOWN_CODES = 5;

function unknownCodes({ codes_inconnus }: LotReport): string | null {
  if (codes_inconnus.length === 0) return null;
  const shown = codes_inconnus
    .slice(0, SHOWN_CODES)
    .map(({ valeur, nombre }) => `« ${valeur} » (${formatNumber(nombre)})`);
  return `${countOf(codes_inconnus.length, 'mot inconnu', 'mots inconnus')} : ${shown.join(', ')}${codes_inconnus.length > SHOWN_CODES ? '…' : ''}`;
}

function accountsTable(deposit: Deposit): PageTable {
  return {
    id: 'comptes',
    caption: 'Comptes des fichiers du dépôt',
    headerLabel: 'Fichier',
    columns: ['Lues', 'Acceptées', 'Remplacées', 'Doublons', 'Rejetées', 'Ignorées'].map((label) => ({
      id: label,
      label
    })),
    rows: lotsOf(deposit).map(({ fichier, lues, acceptees, remplacees, doublons, rejetees, ignorees }) => ({
      header: fichier,
      cells: [lues, acceptees, remplacees, doublons, rejetees, ignorees].map(countCell)
    }))
  };
}
