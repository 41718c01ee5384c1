import { shownValue } from '#lib/domain/cell.ts';
import { EXTRACTS } from '#lib/domain/extracts.ts';
import { formatCount, formatDate, formatShare } from '#lib/domain/format.ts';
import { isCount, isQuantile } from '#lib/domain/indicator.ts';
import { addDays, addMonths, startOf, type IsoDate } from '#lib/domain/period.ts';
import { FIRM_LIMITS_FROM } from '#lib/domain/xmr.ts';
import type { Freshness } from '#lib/server/views/data-freshness.ts';
import type { AskedFigure } from '#lib/server/views/figure-asked.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import { historyOf } from '#lib/server/views/indicator-history.ts';
import { completenessNote, type Completeness } from '#lib/server/views/quality-completeness.ts';

/** Under this number of cases a rate moves by more than three points with each of them. */
const FEW_CASES = 30;
/** Under this number on either side, a proportion is nearly all or nothing. */
const FEW_ON_A_SIDE = 5;
/** Around the end of a period, a fortnight of holidays is not missing data. */
const QUIET_DAYS = 14;

/** What else is known of a figure, to tell what must be said of it. */
export interface Evidence {
  /** The 24 months of the same indicator, under the same filters. */
  months: Figures;
  ruptures: { date: IsoDate; motif: string; source: string }[];
  complete: Completeness | null;
  /** Of the extracts the indicator rests on. */
  freshness: Freshness[];
}

/** What a reader must know before using the figure, each only when it is so. */
export function caveatsOf(asked: AskedFigure, evidence: Evidence): string[] {
  return [
    ...timeCaveats(asked),
    ...freshnessCaveats(asked, evidence.freshness),
    ...ruptureCaveats(asked, evidence.ruptures),
    ...definitionCaveats(asked),
    ...sizeCaveats(asked),
    ...estimateCaveats(asked),
    ...[completenessNote(evidence.complete)].flatMap((note) => note ?? []),
    ...seriesCaveats(asked, evidence.months),
    ...statusCaveats(asked)
  ];
}

function timeCaveats({ context, indicator, judged }: AskedFigure): string[] {
  const { today } = context.house.config;
  const running = context.window.au > today;
  return [
    ...(running
      ? [`La période n’est pas terminée : le chiffre s’arrête au ${formatDate(addDays(today, -1))} et bougera encore.`]
      : []),
    ...(judged.open
      ? [
          `Cohorte encore ouverte : les événements de moins de ${indicator.cohorte_jours} jours n’ont pas fini leur parcours. Le chiffre montera encore, il ne se compare pas.`
        ]
      : [])
  ];
}

/** Extracts entered day after day, or month after month, whose last day tells how far the entry goes. */
const ENTERED = ['evenements', 'contacts', 'interventions', 'rendez_vous', 'temps'];

function freshnessCaveats({ context }: AskedFigure, freshness: Freshness[]): string[] {
  const { window, house } = context;
  const { today } = house.config;
  const end = window.au < today ? window.au : today;
  return freshness
    .filter(({ type }) => ENTERED.includes(type))
    .flatMap(({ type, lastDay }) => {
      const { libelle } = EXTRACTS[type];
      if (lastDay === null) return [`Aucune donnée importée pour « ${libelle} ».`];
      const stops =
        type === 'temps' ? addMonths(lastDay, 1) < startOf('mois', end) : addDays(lastDay, QUIET_DAYS + 1) < end;
      return stops
        ? [
            `Les données « ${libelle} » s’arrêtent au ${formatDate(lastDay)}, avant la fin de la période : le chiffre est incomplet.`
          ]
        : [];
    });
}

function ruptureCaveats({ context }: AskedFigure, ruptures: Evidence['ruptures']): string[] {
  const { window, compared } = context;
  return ruptures.flatMap(({ date, motif, source }) => {
    const said = `${motif} (${formatDate(date)} ; ${source})`;
    if (date > window.du && date < window.au) {
      return [`Rupture déclarée dans la période : ${said}. L’avant et l’après s’y mêlent.`];
    }
    return date > compared.du && date <= window.du
      ? [`Rupture déclarée depuis la période comparée : ${said}. L’évolution ne dit pas un changement de pratique.`]
      : [];
  });
}

/** Definitions, targets and the socle carry dates: what changed inside the period, or since the compared one. */
function definitionCaveats({ context, indicator }: AskedFigure): string[] {
  const { window, compared, state } = context;
  const { numerateur, valable_du, versions } = indicator;
  const readsSocle = state.filters.socle !== undefined || /socle/.test(numerateur.libelle);
  const changes = historyOf(context, indicator)
    .filter(({ kind }) => kind === 'Définition' || kind === 'Objectif' || (kind === 'Socle' && readsSocle))
    .filter(({ kind }) => kind !== 'Définition' || versions.length > 0)
    .flatMap(({ date, when, text, kind }) => {
      if (date > window.du && date < window.au) return [`Changement dans la période, le ${when} : ${text}`];
      const since = kind !== 'Objectif' && date > compared.du && date <= window.du;
      return since ? [`Changement depuis la période comparée, le ${when} : ${text}`] : [];
    });
  const isEarlier = versions.length === 0 && window.au <= valable_du;
  return [
    ...changes,
    ...(isEarlier
      ? [`La définition date du ${formatDate(valable_du)} : elle est appliquée telle quelle à une période antérieure.`]
      : [])
  ];
}

function sizeCaveats({ indicator, judged }: AskedFigure): string[] {
  const { cell } = judged;
  if (cell.kind !== 'shown' || isCount(indicator)) return [];
  const { numerator, denominator } = cell;
  const { denominateur } = indicator;
  const cases = denominateur?.agregat === 'duree' ? numerator : denominator;
  const isTime = denominateur !== null && /^(heures|minutes)/.test(denominateur.libelle);
  if (cases === null || isTime) return [];
  if (cases < FEW_CASES) {
    return [
      `Petit effectif : moins de ${FEW_CASES} cas (${formatCount(Math.round(cases))}). Un seul cas de plus ou de moins le déplace nettement.`
    ];
  }
  const sides = indicator.unite === 'part' && !isQuantile(indicator) ? [numerator!, denominator! - numerator!] : [];
  return sides.some((side) => side < FEW_ON_A_SIDE)
    ? [`Presque tout ou presque rien : moins de ${FEW_ON_A_SIDE} cas font la différence avec 0 ou 100 %.`]
    : [];
}

/** Complements that say what was estimated, by the name of their column. */
function estimateCaveats({ indicator, judged }: AskedFigure): string[] {
  const total = judged.cell.kind === 'shown' ? judged.cell.denominator : null;
  return indicator.complements.flatMap(({ colonne, libelle }, index) => {
    const value = judged.complements[index] ?? 0;
    if (!/estime/.test(colonne) || !total || value <= 0) return [];
    return [`Une partie est estimée, faute de saisie : ${formatShare(value / total)} (${libelle}).`];
  });
}

function seriesCaveats({ indicator }: AskedFigure, months: Figures): string[] {
  const known = months.periods.filter((_, index) => shownValue(months.cell(indicator.id, index)) !== null).length;
  return known > 0 && known < FIRM_LIMITS_FROM
    ? [
        `Limites de contrôle provisoires : ${known} mois connus, il en faut ${FIRM_LIMITS_FROM} pour distinguer le signal du bruit.`
      ]
    : [];
}

function statusCaveats({ indicator, judged }: AskedFigure): string[] {
  return [
    ...(judged.target && judged.status === 'non_evaluable' && indicator.statut_sur_mois
      ? [`L’objectif se juge sur ${indicator.statut_sur_mois} mois : cette période ne dit pas s’il est tenu.`]
      : []),
    ...(indicator.statut === 'valide'
      ? []
      : ['Définition non validée : c’est notre lecture du document source, à confirmer.'])
  ];
}
