import { shownValue, type Cell } from '#lib/domain/cell.ts';
import { formatNumber, formatRound, formatValue, formatWindow, isPlural } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import { listOf } from '#lib/domain/sentence.ts';
import {
  barsFigure,
  emptyTitle,
  noteOfCases,
  partsBy,
  sayPart,
  type ChartModel,
  type Part
} from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';

/** Who is under the target, in a sentence. */
function againstTarget(parts: Part[], indicator: Indicator, total: Cell): string {
  const known = parts.filter((part) => part.code !== null && part.cell.kind === 'shown');
  const target = known[0]?.judged.target;
  if (known.length === 0) return emptyTitle('Présentiel', total, 'Aucun rendez-vous à comparer');
  if (!target) return `Présentiel : ${listOf(known.map((part) => sayPart(part, indicator.unite)))}`;
  const goal = `l’objectif de ${formatRound(target.valeur, indicator.unite)}`;
  const under = known.filter(({ judged }) => judged.status !== 'atteint');
  if (under.length === 0) return `Présentiel : chaque territoire tient ${goal}`;
  if (under.length === known.length && known.length > 1) return `Présentiel : aucun territoire ne tient ${goal}`;
  const names = listOf(under.map((part) => sayPart(part, indicator.unite)));
  return `Présentiel : ${names} ${under.length > 1 ? 'restent' : 'reste'} sous ${goal}`;
}

/** The share of meetings in presence, by territoire, against its target. */
export function presenceBars(context: ViewContext, frame: Frame, presence: Indicator, now: Figures): ChartModel {
  const parts = partsBy(context, now, presence.id, 'territoire');
  return barsFigure(frame, now, {
    id: 'presentiel',
    title: againstTarget(parts, presence, now.cell(presence.id)),
    indicator: presence,
    axis: 'territoire',
    parts,
    aimed: true,
    note: noteOfCases
  });
}

const received = (count: number): string =>
  `${formatValue(count, 'familles')} ${isPlural(Number(count.toFixed(1))) ? 'reçues' : 'reçue'}`;

function familiesTitle(known: Part[], current: string, total: Cell): string {
  const [most, least] = [known[0], known.at(-1)];
  if (!most || !least)
    return emptyTitle('Familles reçues par ETP', total, `Familles reçues par ETP : rien à comparer sur ${current}`);
  const value = (part: Part) => shownValue(part.cell)!;
  if (most === least) return `${most.label} : ${received(value(most))} par ETP sur ${current}`;
  return `Sur ${current}, de ${received(value(least))} par ETP (${least.label}) à ${formatNumber(value(most), 1)} (${most.label})`;
}

/** Families received per ETP, always over twelve months as the target is. */
export function familiesBars(context: ViewContext, frame: Frame, perEtp: Indicator, overYear: Figures): ChartModel {
  const all = partsBy(context, overYear, perEtp.id, 'territoire');
  const parts = all.filter((part) => part.code !== null);
  const [current, compared] = overYear.periods.map((period) => formatWindow(period, '12mois'));
  return barsFigure(frame, overYear, {
    id: 'familles',
    title: familiesTitle(
      parts.filter((part) => part.cell.kind === 'shown'),
      current!,
      overYear.cell(perEtp.id)
    ),
    indicator: perEtp,
    axis: 'territoire',
    parts,
    aimed: true,
    note: ({ cell }) =>
      cell.kind === 'shown' && cell.denominator !== null ? `${formatNumber(cell.denominator, 1)} ETP` : '',
    comment:
      'L’objectif étant annuel, la comparaison porte toujours sur douze mois.' +
      (all.length > parts.length
        ? ' Les familles dont le territoire n’est pas renseigné ne comptent que dans l’ensemble : aucun ETP ne leur fait face.'
        : ''),
    windows: { current: current!, compared: compared! }
  });
}
