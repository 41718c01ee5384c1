import type { IsoDate, Period } from '#lib/domain/period.ts';
import { literal, type Row } from '#lib/server/warehouse/database.ts';
import type { Snapshot } from '#lib/server/warehouse/reader.ts';

/** What one variable counts in one current commune at one vintage; null where a part is missing or secret. */
export interface CommuneValue extends Row {
  variable: string;
  commune: string;
  periode: IsoDate;
  valeur: number | null;
  /** Step the source rounds to. */
  arrondi: number | null;
  source: string;
}

/** Every vintage of some variables, on the current communes: outside any window, for pages that compare vintages. */
export function communeValues(snapshot: Snapshot, variables: string[]): Promise<CommuneValue[]> {
  return snapshot.query<CommuneValue>(
    `select c.variable, c.commune, c.periode::varchar as periode, c.valeur, c.arrondi, c.source
     from faits.contexte_millesimes as c
     where c.variable in (${variables.map(literal).join(', ')})
     order by c.variable, c.periode, c.commune`
  );
}

/** The values of some variables in force on a day, on the current communes. */
export function communeValuesOn(snapshot: Snapshot, variables: string[], day: IsoDate): Promise<CommuneValue[]> {
  return snapshot.query<CommuneValue>(
    `select c.variable, c.commune, c.periode::varchar as periode, c.valeur, c.arrondi, c.source
     from faits.contexte as c
     where c.variable in (${variables.map(literal).join(', ')})
       and c.date <= $jour::date and c.date_fin > $jour::date
     order by c.variable, c.commune`,
    { jour: day }
  );
}

/** What a variable counts in a commune, and the whole it is a share of. */
export interface CommuneShare extends Row {
  variable: string;
  commune: string;
  valeur: number;
  ensemble: number;
}

/** The shares of some variables in force on a day, where both counts are known. */
export function communeSharesOn(snapshot: Snapshot, variables: string[], day: IsoDate): Promise<CommuneShare[]> {
  return snapshot.query<CommuneShare>(
    `select p.variable, p.commune, p.valeur, p.ensemble
     from faits.contexte_parts as p
     where p.variable in (${variables.map(literal).join(', ')})
       and p.date <= $jour::date and p.date_fin > $jour::date
     order by p.variable, p.commune`,
    { jour: day }
  );
}

/** A count published for a quartier prioritaire, as published. */
export interface QuarterValue extends Row {
  zone: string;
  libelle: string | null;
  variable: string;
  periode: IsoDate;
  valeur: number | null;
  arrondi: number | null;
  source: string;
}

/** What was imported of the quartiers prioritaires, each variable at its latest vintage. */
export function quarterValues(snapshot: Snapshot): Promise<QuarterValue[]> {
  return snapshot.query<QuarterValue>(
    `select c.zone, c.libelle, c.variable, c.periode::varchar as periode, c.valeur, c.arrondi, c.source
     from extraits.contexte as c
     where c.niveau = 'qpv'
     qualify row_number() over (partition by c.zone, c.variable order by c.periode desc) = 1
     order by c.zone, c.variable`
  );
}

/** A published count in force on some day of a window. */
export interface SourceInForce extends Row {
  variable: string;
  periode: IsoDate;
  arrondi: number | null;
  source: string;
}

/** Where the context of a window comes from, the latest vintage first. */
export function sourcesInForce(snapshot: Snapshot, { du, au }: Period): Promise<SourceInForce[]> {
  return snapshot.query<SourceInForce>(
    `select c.variable, c.periode::varchar as periode, max(c.arrondi) as arrondi, c.source
     from faits.contexte as c
     where c.date < $au::date and c.date_fin > $du::date
     group by c.variable, c.periode, c.source
     order by c.variable, c.periode desc, c.source`,
    { du, au }
  );
}
