import type { Cell } from '#lib/domain/cell.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import type { Draft } from '#lib/server/views/sectorisation-draft.ts';
import { loadCell, type Loads } from '#lib/server/views/sectorisation-load.ts';

/** A commune, what it weighs, and where it would go. */
interface CommuneLine {
  code: string;
  name: string;
  /** Its territoire on the day, without and with the draft. */
  de: string;
  vers: string;
  cells: Cell[];
}

/** The communes of each territoire of the day, in alphabetical order: they do not leave their place when they move. */
export interface CommuneGroups {
  columns: { id: string; label: string }[];
  groups: { territoire: string; label: string; communes: CommuneLine[] }[];
}

const COLUMNS = [
  { id: 'habitants', label: 'Habitants' },
  { id: 'familles', label: 'Familles reçues' },
  { id: 'ouverts', label: 'Accompagnements ouverts' }
] as const;

/** What is not known of any commune is left out. */
export function communeGroups(context: ViewContext, draft: Draft, loads: Loads): CommuneGroups {
  const { before, after, territoires } = draft;
  const name = (axis: 'commune' | 'territoire', code: string) => capitalize(labelOf(context.house.labels, axis, code));
  const columns = COLUMNS.filter(({ id }) => loads.everyone[id] !== null);
  const order = [...new Set([...territoires, ...before.values()])];
  const line = (code: string, de: string): CommuneLine => ({
    ...{ code, name: name('commune', code), de, vers: after.get(code)! },
    cells: columns.map(({ id }) => loadCell(context, loads.communes.get(code)![id]))
  });
  const groups = order.map((territoire) => ({
    territoire,
    label: name('territoire', territoire),
    communes: [...before]
      .filter(([, own]) => own === territoire)
      .map(([code]) => line(code, territoire))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr'))
  }));
  return { columns: [...columns], groups };
}

export function communesTable({ columns, groups }: CommuneGroups): PageTable {
  const labels = new Map(groups.map(({ territoire, label }) => [territoire, label]));
  return {
    id: 'communes',
    caption: 'Communes et territoires',
    headerLabel: 'Commune',
    columns: [
      { id: 'code', label: 'Code', align: 'left' },
      ...columns,
      { id: 'territoire', label: 'Territoire', align: 'left' },
      { id: 'projet', label: 'Territoire, avec le projet', align: 'left' }
    ],
    rows: groups.flatMap(({ label, communes }) =>
      communes.map(({ code, name, cells, vers }) => ({
        header: name,
        cells: [code, ...cells, label, labels.get(vers) ?? vers]
      }))
    )
  };
}
