import type { Reference } from '#lib/domain/reference.ts';
import { dayOf } from '#lib/server/demo/calendar.ts';
import type { DemoData } from '#lib/server/demo/generate.ts';
import type { InterventionRow, RendezVousRow } from '#lib/server/demo/rows.ts';

export interface Span {
  du: string;
  au: string;
  territoire?: string;
}

const SOCIAL_WORKERS = ['AS', 'CESF'];

/** Figures of the demonstration, computed the slow and obvious way from its rows. */
export class DemoMeasures {
  private readonly sector: Map<string, string>;
  private readonly interventions: Map<string, InterventionRow>;

  constructor(
    private readonly data: DemoData,
    private readonly reference: Reference
  ) {
    this.sector = new Map(reference.sectorisation.map((s) => [s.commune, s.territoire]));
    this.interventions = new Map(data.rows.interventions.map((row) => [row.intervention, row]));
  }

  territoireOf(row: { commune: string; territoire: string | null }): string | null {
    return row.territoire ?? this.sector.get(row.commune) ?? null;
  }

  intervention(rdv: RendezVousRow): InterventionRow {
    const found = this.interventions.get(rdv.intervention);
    if (!found) throw new Error(`${rdv.rendez_vous}: no intervention ${rdv.intervention}`);
    return found;
  }

  started(span: Span, nature?: string): InterventionRow[] {
    return this.data.rows.interventions.filter(
      (row) => this.isIn(span, row.date_debut, row) && (!nature || row.nature === nature)
    );
  }

  closed(span: Span, nature: string): InterventionRow[] {
    return this.data.rows.interventions.filter(
      (row) => row.nature === nature && row.date_fin !== null && this.isIn(span, row.date_fin, row)
    );
  }

  meetings(span: Span): RendezVousRow[] {
    return this.data.rows.rendez_vous.filter(
      (row) => row.statut !== 'prevu' && this.isIn(span, row.date, this.intervention(row))
    );
  }

  honoured(span: Span): RendezVousRow[] {
    return this.meetings(span).filter((row) => row.statut === 'honore');
  }

  faceToFaceShare(span: Span): number {
    return share(this.honoured(span), (row) => ['presentiel', 'visite_domicile'].includes(row.modalite));
  }

  /** Share of accompagnements closed in the span with an honoured home visit. */
  visitedShare(span: Span): number {
    const visited = new Set(
      this.data.rows.rendez_vous
        .filter((row) => row.statut === 'honore' && row.modalite === 'visite_domicile')
        .map((row) => row.intervention)
    );
    return share(this.closed(span, 'accompagnement'), (row) => visited.has(row.intervention));
  }

  contactedShare(span: Span, type: string): number {
    const contacted = new Set(this.data.rows.contacts.map((row) => row.evenement));
    const events = this.data.rows.evenements.filter(
      (row) => row.type_evenement === type && this.isIn(span, row.date_detection, row)
    );
    return share(events, (row) => contacted.has(row.evenement));
  }

  families(span: Span): number {
    return new Set(this.honoured(span).map((row) => this.intervention(row).famille)).size;
  }

  /** Mean full-time equivalent of social workers over the span. */
  etp({ du, au, territoire }: Span): number {
    const days = this.data.rows.agents
      .filter((row) => SOCIAL_WORKERS.includes(row.metier) && (!territoire || row.territoire === territoire))
      .map((row) => {
        const end = row.date_fin === null ? dayOf(au) : Math.min(dayOf(row.date_fin) + 1, dayOf(au));
        return row.etp * Math.max(0, end - Math.max(dayOf(row.date_debut), dayOf(du)));
      });
    return sum(days) / (dayOf(au) - dayOf(du));
  }

  /** RDV of any status per half-day held at a permanence. */
  perHalfDay({ du, au }: Span, lieu: string): number {
    const halfDays = this.reference.lieux.find((l) => l.lieu === lieu)?.demi_journees_semaine ?? 0;
    const count = this.data.rows.rendez_vous.filter((r) => r.lieu === lieu && r.date >= du && r.date < au).length;
    return count / (halfDays * ((dayOf(au) - dayOf(du)) / 7));
  }

  private isIn(span: Span, date: string, row: { commune: string; territoire: string | null }): boolean {
    if (date < span.du || date >= span.au) return false;
    return span.territoire === undefined || this.territoireOf(row) === span.territoire;
  }
}

export function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function share<T>(list: T[], has: (item: T) => boolean): number {
  return list.filter(has).length / list.length;
}

export function groupedBy<T>(list: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
