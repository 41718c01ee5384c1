import { AXES, isAxis, type Axis, type Filters } from '#lib/domain/axes.ts';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { allowedCodes, checkCodes, requireOneOf, requirePeriod, type AllowedCodes } from '#lib/domain/filters.ts';
import { COMPARISONS, CUMULS, TIME_AXES, type TimeAxis } from '#lib/domain/period.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { answer, type Answer, type Line } from '#lib/server/indicators/answer.ts';
import { findIndicator } from '#lib/server/indicators/catalogue.ts';
import { openHouse } from '#lib/server/house.ts';
import type { OutputRow } from './output.ts';
import type { Command } from './command.ts';

function parsePar(text: string | undefined): (Axis | TimeAxis)[] {
  const names = text ? text.split(',') : [];
  return [...new Set(names)].map((name) => requireOneOf('--par', name, [...AXES, ...TIME_AXES]));
}

function parseFilters(texts: string[], allowed: AllowedCodes): Filters {
  const filters: Filters = {};
  for (const text of texts) {
    const [axis = '', ...rest] = text.split('=');
    const values = rest
      .join('=')
      .split(',')
      .filter((value) => value !== '');
    if (!isAxis(axis)) throw new BadRequest(`« ${axis} » n'est pas un axe de filtre.`, [...AXES]);
    if (values.length === 0)
      throw new BadRequest(`Le filtre « ${text} » n'a pas de valeur.`, [`${axis}=valeur,valeur`]);
    filters[axis] = checkCodes(axis, [...(filters[axis] ?? []), ...values], allowed);
  }
  return filters;
}

function toRow(line: Line, label: string): OutputRow {
  const { numerateur, denominateur, valeur, p90, objectif, statut, reference } = line;
  return {
    ...(Object.keys(line.axes).length > 0 ? line.axes : { ensemble: label }),
    numerateur,
    denominateur,
    valeur,
    ...(p90 === undefined ? {} : { p90 }),
    objectif,
    statut,
    reference: reference?.valeur ?? null
  };
}

/** Columns in the order asked, even when no line answers. */
function toRows(result: Answer, axes: string[]): OutputRow[] {
  const total = toRow(
    { ...result.total, axes: Object.fromEntries(axes.map((axis, i) => [axis, i === 0 ? 'Total' : ''])) },
    'Total'
  );
  const inOrder = (line: Line) => ({ ...line, axes: Object.fromEntries(axes.map((axis) => [axis, line.axes[axis]!])) });
  return axes.length > 0 ? [...result.lignes.map((line) => toRow(inOrder(line), '')), total] : [total];
}

/** `vigie indicateur <id>`: one indicator over one window, by axes, compared. */
export const indicateur: Command = {
  usage:
    '<id> --periode 2025-T2 [--cumul trimestre|annee|12mois] [--par a,b] [--filtre axe=v,v]… [--comparer n-1|precedente]',
  options: {
    periode: { type: 'string' },
    cumul: { type: 'string', default: 'trimestre' },
    par: { type: 'string' },
    filtre: { type: 'string', multiple: true, default: [] },
    comparer: { type: 'string' }
  },
  takesArguments: true,
  async run(config, values, [id, ...others]) {
    if (id === undefined || others.length > 0) throw new BadRequest('Un indicateur, et un seul, est attendu.');
    if (typeof values.periode !== 'string') throw new BadRequest('La période manque : --periode 2025-T2.');
    const period = requirePeriod(values.periode);
    const cumul = requireOneOf('--cumul', String(values.cumul), CUMULS);
    const comparison =
      typeof values.comparer === 'string' ? requireOneOf('--comparer', values.comparer, COMPARISONS) : null;
    const par = parsePar(values.par as string | undefined);
    const house = await openHouse(config);
    try {
      const indicator = findIndicator(house.catalogue, id);
      const filters = parseFilters(values.filtre as string[], allowedCodes(house.reference));
      const { objectifs } = house.reference;
      const context = { snapshot: await house.snapshot(), objectifs, today: config.today, viewer: DIRECTION };
      const result = await answer(context, { indicator, period, cumul, par, filters, comparison });
      return { json: result, rows: toRows(result, par) };
    } finally {
      house.close();
    }
  }
};
