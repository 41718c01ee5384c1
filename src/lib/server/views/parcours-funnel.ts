import { barChart, type Bar } from '#lib/charts/bar-chart.ts';
import { shownValue } from '#lib/domain/cell.ts';
import { formatCell, formatChange, formatShare } from '#lib/domain/format.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import { emptyTitle, type ChartModel } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { amount } from '#lib/server/views/indicator-finding.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';
import {
  detected,
  FOLLOWED,
  isCohortOpen,
  ofHundred,
  OPENED,
  sourceOf,
  stepCell,
  stepShare,
  stepsOf,
  WAYS_OUT,
  type Step
} from '#lib/server/views/parcours-steps.ts';

const GROUPS = [
  { heading: undefined, steps: FOLLOWED, apart: false },
  { heading: 'Ce qui s’ouvre ensuite', steps: OPENED, apart: false },
  { heading: 'À part, issues neutres', steps: WAYS_OUT, apart: true }
];

/** « Sur 100 événements détectés, 44 ont été contactés et 20 ont mené à un rendez-vous honoré ». */
export function funnelTitle(context: ViewContext, now: Figures): string {
  const total = detected(now);
  if (!shownValue(total)) {
    return emptyTitle('De l’événement à l’intervention', total, 'Aucun événement détecté sur la période');
  }
  const contacted = ofHundred(stepShare(now, 'contacte')) ?? 0;
  const met = ofHundred(stepShare(now, 'recu')) ?? 0;
  const soFar = isCohortOpen(context) ? ', à ce jour' : '';
  const many = (count: number, one: string, several: string) => `${count} ${count > 1 ? several : one}`;
  return (
    `Sur 100 événements détectés, ${many(contacted, 'a été contacté', 'ont été contactés')} ` +
    `et ${many(met, 'a mené', 'ont mené')} à un rendez-vous honoré${soFar}`
  );
}

/** Where most events are lost, as a title; the ways out are no loss. Null where hardly any is. */
export function lossTitle(now: Figures): string | null {
  const count = (etape: string) => shownValue(stepCell(now, etape)) ?? 0;
  const total = count('detecte');
  const losses = [
    { lost: total - count('contacte'), where: 'avant le premier contact' },
    { lost: count('contacte') - count('repondu'), where: 'entre le contact et la réponse' },
    { lost: count('repondu') - count('recu') - waysOut(now), where: 'entre la réponse et le rendez-vous' }
  ];
  const most = losses.toSorted((a, b) => b.lost - a.lost)[0]!;
  const of100 = Math.round((100 * most.lost) / total);
  return of100 > 1 ? `C’est ${most.where} que le plus d’événements se perdent : ${of100} sur 100` : null;
}

const waysOut = (now: Figures): number =>
  WAYS_OUT.reduce((sum, { code }) => sum + (shownValue(stepCell(now, code)) ?? 0), 0);

/** « 13 sur 100 ont une issue neutre … »; null where none has. */
export function waysOutSentence(now: Figures): string | null {
  const of100 = Math.round((100 * waysOut(now)) / (shownValue(detected(now)) ?? 0));
  return of100 > 1 ? `${of100} sur 100 ont une issue neutre : refus, famille déjà accompagnée ou orientée.` : null;
}

function remarkOf({ words, cell, within }: Step): string {
  const count = shownValue(cell);
  if (count === null) return '';
  const value = within && shownValue(within);
  return !value
    ? countOf(count, 'événement', 'événements')
    : `${amount(count)}, soit ${formatShare(value, 0)} des ${words.within!.word}`;
}

function barsOf(context: ViewContext, now: Figures): Bar[] {
  return GROUPS.flatMap(({ heading, steps, apart }) =>
    stepsOf(context, now, steps).map((step) => ({
      label: step.words.label,
      cell: step.share,
      // All events detected are detected: a ring at 100 % says nothing.
      ...(step.words.code === 'detecte' ? {} : { previous: step.previousShare }),
      note: remarkOf(step),
      apart,
      ...(heading ? { group: heading } : {})
    }))
  );
}

function commentOf(context: ViewContext): string {
  return [
    'Chaque barre compte, parmi les événements détectés sur la période, ceux qui ont atteint l’étape à ce jour.',
    'Une famille peut être accompagnée directement, ou après une information-conseil : les deux ne s’additionnent pas.',
    'Un refus, une famille déjà accompagnée ou orientée sont des issues neutres, jamais un échec.',
    isCohortOpen(context)
      ? 'Des événements ont moins de 90 jours : d’autres rendez-vous viendront, ces étapes ne sont pas encore comparées.'
      : ''
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** In points of share, but for the events detected, of which there are more or fewer. */
function changeOf({ words, cell, previous, share, previousShare }: Step): string {
  const change = words.code === 'detecte' ? formatChange(cell, previous) : formatChange(share, previousShare, 'part');
  return change ?? '';
}

function tableOf(context: ViewContext, frame: Frame, now: Figures): PageTable {
  return {
    id: 'parcours',
    caption: `De l’événement à l’intervention, ${frame.windowLabel}`,
    headerLabel: 'Étape',
    columns: [
      { id: 'nombre', label: `Événements, ${frame.windowLabel}` },
      { id: 'reference', label: capitalize(frame.comparedLabel) },
      { id: 'part', label: `Part des détectés, ${frame.windowLabel}`, unit: 'part' },
      { id: 'part_reference', label: capitalize(frame.comparedLabel), unit: 'part' },
      { id: 'evolution', label: 'Évolution' },
      { id: 'part_etape', label: 'Part de l’étape qui la contient', unit: 'part' }
    ],
    rows: GROUPS.flatMap(({ steps, apart }) =>
      stepsOf(context, now, steps).map((step) => ({
        header: apart ? `À part : ${step.words.label}` : step.words.label,
        cells: [step.cell, step.previous, step.share, step.previousShare, changeOf(step), step.within ?? '']
      }))
    )
  };
}

/** The way from events to interventions, ways out apart. `now` holds `etapes_parcours` by step. */
export function funnelFigure(
  context: ViewContext,
  frame: Frame,
  now: Figures,
  title = funnelTitle(context, now)
): ChartModel {
  const bars = barsOf(context, now);
  const table = tableOf(context, frame, now);
  const count = shownValue(detected(now));
  return {
    id: 'parcours',
    title,
    details: [
      'Unité : % des événements détectés',
      ...(count === null ? [] : [`n = ${amount(count)} événements détectés`]),
      sourceOf(context)
    ],
    svg: barChart({
      id: 'parcours',
      title,
      description: bars.map(({ label, cell, note }) => `${label} : ${formatCell(cell, 'part')}, ${note}`).join(' ; '),
      unit: 'part',
      bars,
      currentLabel: frame.windowLabel,
      previousLabel: frame.comparedLabel
    }),
    comment: commentOf(context),
    csvHref: csvHref(frame, table.id),
    table
  };
}
