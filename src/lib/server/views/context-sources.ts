import { formatDate } from '#lib/domain/format.ts';
import type { Indicator } from '#lib/domain/indicator.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { sourcesInForce, type SourceInForce } from '#lib/server/indicators/context-values.ts';
import type { ViewContext } from '#lib/server/views/context.ts';

/** Where the public and the needs of a window were counted: said under each figure that rests on them. */
export class ContextSources {
  constructor(
    private readonly reference: Reference,
    private readonly rows: SourceInForce[]
  ) {}

  /** « Cnaf, fichier BasrevenuCom, au 31 décembre 2024, arrondi à 5 près »; null for what rests on no context. */
  of(indicator: Indicator): string | null {
    const variables = variablesOf(indicator, this.reference);
    const said = this.rows.filter(({ variable }) => variables.includes(variable)).map(sourceWords);
    return said.length > 0 ? [...new Set(said)].join(' ; ') : null;
  }
}

/** Does the figure rest on the public or the needs of communes? */
export function restsOnContext({ sql }: Indicator): boolean {
  return sql.includes('faits.contexte');
}

/** Variables of context whose code the definition names; the public of an offre is what the Caf chose for it. */
function variablesOf(indicator: Indicator, { variables, publics }: Reference): string[] {
  const { sql } = indicator;
  if (sql.includes('faits.publics')) return publics.map(({ variable }) => variable);
  if (!restsOnContext(indicator)) return [];
  const named = variables.filter(({ code }) => sql.includes(`'${code}'`));
  const wholes = sql.includes('faits.contexte_parts') ? named.flatMap(({ denominateur }) => denominateur ?? []) : [];
  return [...named.map(({ code }) => code), ...wholes];
}

/** A vintage of Insee is in the name of its source; a count of the Caf has a day. */
function sourceWords({ source, periode, arrondi }: SourceInForce): string {
  const day = periode.endsWith('-01-01') || source.includes(periode.slice(0, 4)) ? '' : `, au ${formatDate(periode)}`;
  return `${source}${day}${arrondi === null ? '' : `, arrondi à ${arrondi} près`}`;
}

/** The sources in force in the window of a page. */
export async function contextSources({ house, snapshot, window }: ViewContext): Promise<ContextSources> {
  return new ContextSources(house.reference, await sourcesInForce(snapshot, window));
}
