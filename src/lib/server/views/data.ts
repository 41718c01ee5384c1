import { FILTER_AXES } from '#lib/domain/axes.ts';
import { EXTRACTS, isContext } from '#lib/domain/extracts.ts';
import { formatDate, formatInstant, formatNumber, NO_BREAK_SPACE } from '#lib/domain/format.ts';
import { daysBetween } from '#lib/domain/period.ts';
import { countOf, listOf } from '#lib/domain/sentence.ts';
import type { Deposit } from '#lib/server/extracts/deposits/deposit.ts';
import { openDeposits } from '#lib/server/extracts/deposits/registry.ts';
import { spanWords } from '#lib/server/extracts/reshaping/context-words.ts';
import { retentionDay } from '#lib/server/extracts/purge.ts';
import type { House } from '#lib/server/house.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import { contextTable } from '#lib/server/views/data-context.ts';
import { freshnessOf, freshnessTable, type Freshness } from '#lib/server/views/data-freshness.ts';
import { qualityOf, type Quality } from '#lib/server/views/data-quality.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import type { PageTable, PageView } from '#lib/server/views/page.ts';
import type { Lot } from '#lib/server/warehouse/store.ts';

export interface DataView extends PageView {
  kicker: string;
  title: string;
  lead: string | null;
  empty: boolean;
  /** Filters of the URL this page does not use, kept for the next one. */
  kept: { name: string; value: string }[];
  /** Deposits that wait for the user. */
  deposits: { href: string; label: string }[];
  uploadLimit: number;
  retention: Retention;
  freshness: PageTable;
  journal: PageTable;
  /** Public figures and geography in the data. */
  loaded: PageTable;
  /** Some of it was dropped here, besides what comes with Vigie. */
  ownContext: boolean;
  quality: Quality;
}

/** `/donnees`: what is loaded, since when, what is missing. */
export async function dataView(context: ViewContext): Promise<DataView> {
  const unused = FILTER_AXES.filter((axis) => axis !== 'territoire');
  const frame = frameOf(context, unused);
  const { lots } = context.snapshot.state;
  const [all, quality] = await Promise.all([freshnessOf(context), qualityOf(context, frame)]);
  const freshness = freshnessTable(all);
  const journal = journalTable(lots);
  const loaded = contextTable(context);
  return {
    frame,
    kicker: context.house.reference.caf.departement_nom,
    title: titleOf(all, context.house.config.today),
    lead: leadOf(all, lots),
    empty: !lots.some(isActivity),
    kept: unused.flatMap((name) => {
      const values = context.state.filters[name] ?? [];
      return values.length > 0 ? [{ name, value: values.join(',') }] : [];
    }),
    deposits: openDeposits().map(depositLink),
    uploadLimit: context.house.config.uploadLimit,
    retention: retentionOf(context.house, lots),
    freshness,
    journal,
    loaded,
    ownContext: lots.some(({ actif, type }) => actif && isContext(type)),
    quality,
    tables: [freshness, loaded, journal]
  };
}

/** What the retention period of the Caf says of the lots. */
interface Retention {
  sentence: string;
  /** Lots that hold older rows; an affectation is kept as long as it is in force. */
  old: number;
  /** What is removed, said before it is. */
  warning: string;
}

function retentionOf(house: House, lots: Lot[]): Retention {
  const day = retentionDay(house);
  const dated = lots.filter(({ type }) => type !== 'agents' && !isContext(type));
  const old = dated.filter(({ actif, du }) => actif && du !== null && du < day).length;
  const months = countOf(house.reference.caf.conservation_mois, 'mois', 'mois');
  return {
    old,
    sentence:
      old === 0
        ? `Aucune ligne ne dépasse la durée de conservation (${months}).`
        : `${countOf(old, 'lot contient', 'lots contiennent')} des lignes antérieures au ${formatDate(day)}, au-delà de la durée de conservation (${months}).`,
    warning: `Les lignes antérieures au ${formatDate(day)} et les lots annulés seront effacés du disque. Rien ne permettra de les retrouver, sinon vos propres fichiers.`
  };
}

function depositLink({ id, files, phase }: Deposit): { href: string; label: string } {
  const name = files.length === 1 ? `« ${files[0]!.name} »` : countOf(files.length, 'fichier');
  const label =
    phase === 'pret' ? `Un dépôt attend votre confirmation : ${name}` : `Un dépôt est en cours de lecture : ${name}`;
  return { href: `/donnees/depots/${id}`, label };
}

function titleOf(all: Freshness[], today: string): string {
  if (all.every(({ rows }) => rows === 0)) return 'Aucune donnée n’est encore chargée';
  const last = all.find(({ type }) => type === 'rendez_vous')?.lastDay;
  if (!last) return 'Aucun rendez-vous n’est encore chargé';
  const days = daysBetween(last, today);
  const since = days === 0 ? 'jusqu’à aujourd’hui' : `il y a ${countOf(days, 'jour')}`;
  return `Les rendez-vous sont connus jusqu’au ${formatDate(last)}, ${since}`;
}

const isActivity = ({ actif, type }: Lot) => actif && !isContext(type);

function leadOf(all: Freshness[], lots: Lot[]): string | null {
  const active = lots.filter(isActivity);
  if (active.length === 0) return null;
  const missing = all.filter(({ rows }) => rows === 0).map(({ type }) => EXTRACTS[type].libelle);
  const rejected = active.reduce((sum, lot) => sum + lot.rejetees, 0);
  const rows = all.reduce((sum, one) => sum + one.rows, 0);
  return [
    `${formatNumber(rows)} lignes, apportées par ${countOf(active.length, 'lot')}.`,
    missing.length > 0 ? `Rien encore pour : ${listOf(missing)}.` : 'Les huit types d’extraits sont chargés.',
    rejected > 0 ? `${countOf(rejected, 'ligne rejetée', 'lignes rejetées')} : chacune a son motif, lot par lot.` : ''
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** Every import, the latest first; undone ones stay, marked. */
export function journalTable(lots: Lot[]): PageTable {
  const counts = ['Lues', 'Acceptées', 'Remplacées', 'Doublons', 'Rejetées', 'Ignorées'];
  return {
    id: 'journal',
    caption: 'Journal des imports : lues = acceptées + remplacées + doublons + rejetées + ignorées',
    headerLabel: 'Fichier',
    columns: [
      { id: 'type', label: 'Extrait', align: 'left' },
      { id: 'periode', label: 'Couvre', align: 'left' },
      ...counts.map((label) => ({ id: label, label })),
      { id: 'importe_le', label: 'Importé le', align: 'left' },
      { id: 'etat', label: 'État', align: 'left' }
    ],
    rows: lots.toReversed().map((lot) => ({
      header: lot.fichier,
      href: `/donnees/imports/${lot.lot}`,
      cells: [
        EXTRACTS[lot.type].libelle,
        shortSpan(lot),
        ...[lot.lues, lot.acceptees, lot.remplacees, lot.doublons, lot.rejetees, lot.ignorees].map(countCell),
        shortInstant(lot.importe_le),
        lot.actif ? 'actif' : 'annulé'
      ]
    }))
  };
}

const slashed = (day: string): string => day.split('-').toReversed().join('/');

/** `02/01/2025 – 31/12/2025`, and months for work time: the journal has one line per lot. */
function shortSpan({ du, au, type }: Lot): string {
  const write = (day: string) => slashed(type === 'temps' ? day.slice(0, 7) : day);
  if (isContext(type)) return spanWords(du, au).replaceAll(' ', NO_BREAK_SPACE);
  return du && au ? `${write(du)} – ${write(au)}`.replaceAll(' ', NO_BREAK_SPACE) : '';
}

/** `23/11/2025 à 14 h 05`, in Paris. */
function shortInstant(instant: string): string {
  const local = new Date(instant).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
  const hour = formatInstant(instant).split(' à ')[1];
  return `${slashed(local)} à ${hour}`.replaceAll(' ', NO_BREAK_SPACE);
}

/** « du 2 janvier 2025 au 31 décembre 2025 », « 2023 » of a file of context, empty when no row was valid. */
export function coveredDays({ du, au, type }: Pick<Lot, 'du' | 'au' | 'type'>): string {
  if (isContext(type)) return spanWords(du, au);
  return du && au ? `du ${formatDate(du)} au ${formatDate(au)}` : '';
}
