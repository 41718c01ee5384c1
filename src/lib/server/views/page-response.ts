import { BadRequest } from '#lib/domain/bad-request.ts';
import { toCsv } from '#lib/tables/csv.ts';
import { ownSearch } from '#lib/server/views/frame.ts';
import type { PageView } from '#lib/server/views/page.ts';

/** The page as data: the same cells as on screen, with the view and the data version they belong to. */
export function pageJson(view: PageView, version: string): string {
  const { action, windowLabel, comparedLabel, search, own } = view.frame;
  return JSON.stringify(
    {
      page: action,
      vue: search + ownSearch(own),
      periode: windowLabel,
      comparaison: comparedLabel,
      version,
      tables: view.tables
    },
    null,
    2
  );
}

/** One table of the page by its id, or all of them, each under its caption. */
export function pageCsv(view: PageView, id: string | null): string {
  if (id === null) {
    return view.tables.map((table, i) => toCsv(table).replace('\ufeff', i === 0 ? '\ufeff' : '\r\n')).join('');
  }
  const table = view.tables.find((one) => one.id === id);
  if (table) return toCsv(table);
  throw new BadRequest(
    `La table « ${id} » n'existe pas sur cette page.`,
    view.tables.map((one) => one.id)
  );
}

/** Why a question for data is refused and what would be answered: JSON to who asked for JSON, else text. */
export function refusal(status: number, { message, allowed = [] }: App.Error, format: string): Response {
  if (format === 'json') return Response.json({ erreur: message, valeurs_possibles: allowed }, { status });
  const list = allowed.length > 0 ? ['', 'Valeurs possibles :', ...allowed.map((value) => `- ${value}`)] : [];
  return new Response([message, ...list, ''].join('\n'), {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' }
  });
}
