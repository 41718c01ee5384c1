/** Why a figure is not shown: hidden for privacy is not zero, and neither is it missing. */
export type HiddenReason = 'petit_effectif' | 'secret_secondaire';
export type NoneReason = 'sans_denominateur' | 'non_ventilable' | 'sans_donnee' | 'cohorte_ouverte';

/**
 * The only form in which a figure leaves the views: charts, tables, CSV and JSON accept nothing else.
 * `value` is in the indicator's unit (a share of 73.5 % is 0.735); `p90` only for quantiles.
 */
export type Cell = Explained &
  (
    | { kind: 'shown'; value: number; numerator: number | null; denominator: number | null; p90: number | null }
    | { kind: 'hidden'; reason: HiddenReason }
    | { kind: 'none'; reason: NoneReason }
  );

interface Explained {
  /** Address of the page that explains the figure; none for what no indicator gives (rows of a file). */
  source?: string;
}

export const NONE_LABELS: Record<NoneReason, string> = {
  sans_denominateur: 'aucun cas sur la période',
  non_ventilable: 'non ventilable selon ce filtre',
  sans_donnee: 'aucune donnée sur la période',
  cohorte_ouverte: 'cohorte encore ouverte'
};

export const HIDDEN_LABELS: Record<HiddenReason, string> = {
  petit_effectif: 'masqué : petit effectif',
  secret_secondaire: 'masqué : secret secondaire'
};

/** The shown value, or null when there is nothing that may be shown. */
export function shownValue(cell: Cell): number | null {
  return cell.kind === 'shown' ? cell.value : null;
}
