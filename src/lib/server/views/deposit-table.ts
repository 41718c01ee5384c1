import { error } from '@sveltejs/kit';
import { EXTRACTS, EXTRACT_TYPES, isContext, type ExtractType } from '#lib/domain/extracts.ts';
import { formatNumber } from '#lib/domain/format.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { countOf } from '#lib/domain/sentence.ts';
import type { House } from '#lib/server/house.ts';
import type { Deposit } from '#lib/server/extracts/deposits/deposit.ts';
import { Unrecognised } from '#lib/server/extracts/mapping.ts';
import { previewRows, readSample, type Preview, type Sample } from '#lib/server/extracts/preview.ts';
import { answered, draftProfile, unknownWords, type UnknownWord } from '#lib/server/extracts/profiles/draft.ts';
import { loadProfiles } from '#lib/server/extracts/profiles/profile-store.ts';
import { proposeTypes } from '#lib/server/extracts/profiles/propose-columns.ts';
import { isRefusal, type LotReport } from '#lib/server/extracts/report.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { requireDeposit } from '#lib/server/views/deposit.ts';
import { shownPreview, type ShownPreview } from '#lib/server/views/deposit-preview.ts';
import {
  columnFields,
  wordField,
  type ColumnField,
  type Option,
  type WordField
} from '#lib/server/views/deposit-columns.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';

export interface DepositTableView extends PageView {
  deposit: string;
  file: string;
  title: string;
  lead: string;
  types: Option[];
  columns: ColumnField[];
  words: WordField[];
  preview: ShownPreview;
  previewSentence: string;
  profil: string;
  libelle: string;
}

/** The table of a deposit by its number in the address, from 1. */
export function requireTable(deposit: Deposit, number: string | undefined): number {
  const index = Number(number) - 1;
  if (deposit.tables[index]) return index;
  error(404, { message: 'Ce dépôt n’a pas ce fichier : revenez à la page du dépôt.' });
}

function requireShown(deposit: Deposit): void {
  if (deposit.phase === 'pret') return;
  const message = deposit.running
    ? 'Ce dépôt est en cours de lecture : revenez à sa page, puis rouvrez l’aperçu.'
    : 'Ce dépôt est terminé : ses fichiers ne sont plus là. Déposez-les de nouveau pour changer leur lecture.';
  error(404, { message });
}

/** A public file of context has no columns to associate. */
function requireActivity(deposit: Deposit, index: number): void {
  const type = reportOf(deposit, index)?.type;
  if (type && isContext(type))
    error(404, {
      message: 'C’est un fichier de contexte : il se lit sans association de colonnes. Revenez à la page du dépôt.'
    });
}

/** `/donnees/depots/[depot]/[table]`: the mapping assistant, with the verdict of the first fifty rows. */
export async function depositTableView(
  context: ViewContext,
  params: Record<string, string>
): Promise<DepositTableView> {
  const deposit = requireDeposit(params.depot);
  const index = requireTable(deposit, params.table);
  requireShown(deposit);
  requireActivity(deposit, index);
  const { reference, config } = context.house;
  const sample = await sampleOf(context, deposit, index);
  const draft = draftOf(context, deposit, index, sample);
  const report = reportOf(deposit, index);
  const words = unknownWords(draft, sample, reference, report?.type === draft.type ? report.codes_inconnus : []);
  const tried = withProposedWords(draft, words);
  const preview = await previewRows(config, reference, sample, answered(tried), deposit.choices.get(index)?.dates);
  return {
    frame: frameOf(context),
    deposit: deposit.id,
    file: deposit.tables[index]!.name,
    title: titleOf(preview),
    lead: 'À gauche, ce que Vigie attend ; à droite, la colonne de votre fichier. L’aperçu suit chaque changement.',
    types: EXTRACT_TYPES.map((type) => ({ value: type, label: EXTRACTS[type].libelle, selected: type === draft.type })),
    columns: columnFields(draft, sample, reference),
    words: words.map((word) => wordField(word, tried, reference)),
    preview: shownPreview(preview, reference),
    previewSentence: previewSentence(preview),
    profil: draft.profil,
    libelle: draft.libelle,
    tables: [previewTable(preview)]
  };
}

/** The first rows of a table of a deposit. */
async function sampleOf({ house }: ViewContext, deposit: Deposit, index: number): Promise<Sample> {
  const { profiles } = loadProfiles(house.config);
  const sample = await readSample(deposit.tables[index]!, deposit.choices.get(index) ?? {}, profiles);
  if (sample) return sample;
  error(404, { message: 'Aucune colonne n’est lisible dans ce fichier : ce n’est pas un tableau.' });
}

/** The mapping being tried or applied, else that of the profile that recognised the table; null when there is none. */
export function profileInForce(config: House['config'], deposit: Deposit, index: number): ImportProfile | null {
  const own = deposit.drafts.get(index) ?? deposit.choices.get(index)?.profile;
  if (own) return own;
  const name = reportOf(deposit, index)?.lecture?.profil;
  return loadProfiles(config).profiles.find(({ profil }) => profil === name) ?? null;
}

function reportOf(deposit: Deposit, index: number): LotReport | null {
  const report = deposit.outcomeOf(index)?.report;
  return report && !isRefusal(report) ? report : null;
}

/** What the page shows: the mapping in force, with proposed columns when it has none. */
function draftOf({ house }: ViewContext, deposit: Deposit, index: number, sample: Sample): ImportProfile {
  const { config, reference } = house;
  const own = profileInForce(config, deposit, index);
  const isEmpty = own && Object.keys({ ...own.colonnes, ...own.constantes }).length === 0;
  if (own && !isEmpty) return own;
  const read = reportOf(deposit, index)?.type;
  const type =
    own?.type ??
    (read && !isContext(read) ? read : undefined) ??
    deposit.choices.get(index)?.type ??
    typeOf(deposit, index, sample, reference);
  return {
    ...draftProfile(type, sample, reference),
    ...(own ? { profil: own.profil, libelle: own.libelle, valeurs: own.valeurs } : {})
  };
}

function typeOf(deposit: Deposit, index: number, sample: Sample, reference: Reference): ExtractType {
  const refusal = deposit.outcomeOf(index)?.error;
  if (refusal instanceof Unrecognised && refusal.nearest) return refusal.nearest;
  const rows = sample.rows.map(({ cells }) => cells);
  return proposeTypes(sample.names, rows, reference)[0]?.type ?? 'rendez_vous';
}

/** A word the user has not answered yet takes the code proposed; an empty answer is one. */
function withProposedWords(draft: ImportProfile, words: UnknownWord[]): ImportProfile {
  const valeurs = structuredClone(draft.valeurs);
  for (const { column, text, proposal } of words) {
    const codes = (valeurs[column] ??= {});
    if (!Object.hasOwn(codes, text) && proposal) codes[text] = proposal;
  }
  return { ...draft, valeurs };
}

function verdictCounts({ rows }: Preview) {
  const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  return { accepted: count('acceptee'), rejected: count('rejetee'), ignored: count('ignoree') };
}

function titleOf(preview: Preview): string {
  const { accepted, rejected } = verdictCounts(preview);
  if (rejected === 0 && accepted > 0) return 'Toutes les lignes de l’aperçu sont lisibles';
  if (accepted === 0) return 'Aucune ligne de l’aperçu n’est encore lisible';
  return `${countOf(accepted, 'ligne lisible', 'lignes lisibles')} sur ${formatNumber(preview.rows.length)} dans l’aperçu`;
}

function previewSentence(preview: Preview): string {
  const { accepted, rejected, ignored } = verdictCounts(preview);
  const terms = [
    countOf(accepted, 'acceptée', 'acceptées'),
    countOf(rejected, 'rejetée', 'rejetées'),
    ...(ignored > 0 ? [countOf(ignored, 'ignorée (total ou vide)', 'ignorées (totaux ou vides)')] : [])
  ];
  return `Sur les ${formatNumber(preview.rows.length)} premières lignes : ${terms.join(', ')}.`;
}

const VERDICTS = { acceptee: 'acceptée', rejetee: 'rejetée', ignoree: 'ignorée' };

/** Verdicts and reasons, without what the file says: it may still hold what identifies someone. */
function previewTable({ columns, rows }: Preview): PageTable {
  return {
    id: 'apercu',
    caption: 'Verdict des premières lignes',
    headerLabel: 'Ligne',
    columns: [
      { id: 'verdict', label: 'Verdict', align: 'left' },
      { id: 'motifs', label: 'Motifs', align: 'left' }
    ],
    rows: rows.map(({ line, verdict, reason, cells }) => ({
      header: String(line),
      cells: [
        VERDICTS[verdict],
        [reason, ...cells.map((cell, index) => cell.reason && `${columns[index]!.nom} : ${cell.reason}`)]
          .filter(Boolean)
          .join(' ')
      ]
    }))
  };
}
