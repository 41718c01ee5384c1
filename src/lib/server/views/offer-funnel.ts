import { barChart } from '#lib/charts/bar-chart.ts';
import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatCell, formatChange, formatShare } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import { complementsOf } from '#lib/server/views/cards.ts';
import { casesOf, emptyTitle, metOf, shareOf, type ChartModel } from '#lib/server/views/chart-model.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import { csvHref, type PageTable } from '#lib/server/views/page.ts';

interface Step {
  label: string;
  cell: Cell;
  previous: Cell;
  /** Share of the step before, within the cohort of events. */
  share: Cell | null;
  said: string;
}

const NATURES = [
  ['information_conseil', 'Informations-conseils commencées'],
  ['accompagnement', 'Accompagnements commencés'],
  ['rendez_vous_des_droits', 'Rendez-vous des droits commencés']
] as const;

function step(label: string, [cell, previous]: Cell[], before: Cell | null = null, word = ''): Step {
  const share = before && shareOf(cell!, before);
  const value = share ? shownValue(share) : null;
  const said = value === null ? '' : `${formatShare(value)} ${word}`;
  return { label, cell: cell!, previous: previous!, share, said };
}

/** From the events detected to the interventions begun. */
function stepsOf(own: Figures, natures: Figures): Step[] {
  const detected = [0, 1].map((period) => casesOf(own.cell('taux_contact', period)));
  const contacted = [0, 1].map((period) => metOf(own.cell('taux_contact', period)));
  const { cell, reference, open } = own.judged('taux_reponse');
  const begun = (nature: string) =>
    [0, 1].map((period) => casesOf(natures.cell('part_socle', period, { nature }), natures.cell('part_socle', period)));
  return [
    step('Événements détectés', detected),
    step('Événements contactés', contacted, detected[0], 'des détectés'),
    step(
      'Suivis d’un rendez-vous honoré',
      [metOf(cell), metOf(reference)],
      contacted[0],
      open ? 'des contactés, à ce jour' : 'des contactés'
    ),
    ...NATURES.map(([nature, label]) => step(label, begun(nature)))
  ];
}

function titleOf(steps: Step[], total: Cell): string {
  const [detected, contacted, met] = steps.map(({ cell }) => shownValue(cell));
  if (!detected) {
    return emptyTitle(
      'De l’événement à l’intervention',
      total,
      'Aucun événement détecté sur la période : le travail commence aux interventions'
    );
  }
  const of100 = (count: number) => Math.round((100 * count) / detected);
  const reached = of100(contacted ?? 0);
  const end = met ? `, ${of100(met)} ont mené à un rendez-vous honoré` : '';
  return `Sur 100 événements détectés, ${reached} ${reached > 1 ? 'ont été contactés' : 'a été contacté'}${end}`;
}

function commentOf(response: Indicator, own: Figures): string {
  const judged = own.judged(response.id);
  const apart = complementsOf(response, judged).map((one) => one.charAt(0).toLocaleLowerCase('fr') + one.slice(1));
  return [
    'Les trois premières étapes suivent les mêmes événements ; les interventions sont toutes celles commencées dans la période.',
    apart.length > 0 ? `À part : ${apart.join(' ; ')}. Un refus est une issue neutre.` : '',
    judged.open
      ? 'Événements de moins de 90 jours : d’autres rendez-vous viendront, cette étape n’est pas comparée.'
      : ''
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** A count shown apart, under the same protection as the figure it stands beside. */
function apartCell(cell: Cell, count: number): Cell {
  return cell.kind === 'shown' ? countCell(count) : cell;
}

/** Refusals and families already followed. */
function rowsApart(response: Indicator, own: Figures) {
  const [now, then] = [own.judged(response.id), own.judged(response.id, {}, 1, 1)];
  return response.complements.map((complement, index) => {
    const cell = apartCell(now.cell, now.complements[index] ?? 0);
    const previous = now.open ? now.reference : apartCell(then.cell, then.complements[index] ?? 0);
    const change = formatChange(cell, previous) ?? '';
    return { header: `À part : ${complement.libelle}`, cells: [cell, previous, change, ''] };
  });
}

function tableOf(steps: Step[], response: Indicator, own: Figures, frame: Frame): PageTable {
  return {
    id: 'parcours',
    caption: `De l’événement à l’intervention, ${frame.windowLabel}`,
    headerLabel: 'Étape',
    columns: [
      { id: 'nombre', label: capitalize(frame.windowLabel) },
      { id: 'reference', label: capitalize(frame.comparedLabel) },
      { id: 'evolution', label: 'Évolution' },
      { id: 'part', label: 'Part de l’étape précédente', unit: 'part' }
    ],
    rows: [
      ...steps.map(({ label, cell, previous, share }) => ({
        header: label,
        cells: [cell, previous, formatChange(cell, previous) ?? '', share ?? '']
      })),
      ...rowsApart(response, own)
    ]
  };
}

/** The way from events to interventions, refusals apart. `natures` holds `part_socle` by nature. */
export function funnelFigure(frame: Frame, response: Indicator, own: Figures, natures: Figures): ChartModel {
  const steps = stepsOf(own, natures);
  const title = titleOf(steps, own.cell('taux_contact'));
  const table = tableOf(steps, response, own, frame);
  return {
    id: 'parcours',
    title,
    details: ['Unité : événements, puis interventions', `Source : extraits importés, « ${response.libelle} »`],
    svg: barChart({
      id: 'parcours',
      title,
      description: steps.map(({ label, cell }) => `${label} : ${formatCell(cell)}`).join(' ; '),
      bars: steps.map(({ label, cell, previous, said }) => ({ label, cell, previous, note: said })),
      currentLabel: frame.windowLabel,
      previousLabel: frame.comparedLabel
    }),
    comment: commentOf(response, own),
    csvHref: csvHref(frame, table.id),
    table
  };
}
