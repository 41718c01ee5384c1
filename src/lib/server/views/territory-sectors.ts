import { labelOf } from '#lib/domain/labels.ts';
import { addDays } from '#lib/domain/period.ts';
import { intercommunaliteOf, type Commune } from '#lib/domain/reference.ts';
import { capitalize } from '#lib/domain/sentence.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import type { Level } from '#lib/server/views/territories-choice.ts';

/** The communes of a territoire on the last day of the window; a null territoire gathers nothing but activity. */
export interface Sector {
  territoire: string | null;
  label: string;
  communes: Commune[];
  population: number;
}

function inForce(context: ViewContext) {
  const day = addDays(context.window.au, -1);
  return context.house.reference.sectorisation.filter(
    (row) => row.valable_du <= day && (row.valable_au === null || day < row.valable_au)
  );
}

/** Every territoire with its communes, then « non renseigné ». */
export function sectorsOn(context: ViewContext): Sector[] {
  const { reference, labels } = context.house;
  const sectorOf = new Map(inForce(context).map((row) => [row.commune, row.territoire]));
  const codes: (string | null)[] = [...(context.allowed.territoire ?? []), null];
  return codes.map((territoire) => {
    const communes = reference.communes
      .filter((commune) => territoire !== null && sectorOf.get(commune.code) === territoire)
      .sort((a, b) => b.population - a.population);
    const population = communes.reduce((sum, commune) => sum + commune.population, 0);
    return { territoire, label: capitalize(labelOf(labels, 'territoire', territoire)), communes, population };
  });
}

/** An area of a level, with its communes on the last day of the window. */
export interface Area {
  /** Null gathers nothing but activity whose place is not known. */
  code: string | null;
  label: string;
  communes: Commune[];
  /** Name of the territoire of a commune; null for what is not one. */
  territoire: string | null;
}

/** Every area of a level: territoires then « non renseigné », else by name. */
export function areasAt(context: ViewContext, level: Level): Area[] {
  const sectors = sectorsOn(context);
  if (level === 'territoire') {
    return sectors.map(({ territoire, label, communes }) => ({ code: territoire, label, communes, territoire: null }));
  }
  const { communes } = context.house.reference;
  const areas = level === 'commune' ? communes.map((one) => communeArea(sectors, one)) : intercommunalities(context);
  return areas.sort((a, b) => a.label.localeCompare(b.label, 'fr'));
}

function communeArea(sectors: Sector[], commune: Commune): Area {
  const sector = sectors.find(({ communes }) => communes.includes(commune));
  return { code: commune.code, label: commune.nom, communes: [commune], territoire: sector?.label ?? null };
}

/** Établissements publics territoriaux where there are some, else intercommunalités. */
function intercommunalities({ house }: ViewContext): Area[] {
  const areas = new Map<string, Area>();
  for (const commune of house.reference.communes) {
    const code = intercommunaliteOf(commune);
    if (code === null) continue;
    const label = labelOf(house.labels, 'intercommunalite', code);
    const area = areas.get(code) ?? { code, label, communes: [], territoire: null };
    area.communes.push(commune);
    areas.set(code, area);
  }
  return [...areas.values()];
}

/** Where the sector of a territoire comes from, hypotheses included. */
export function sectorSource(context: ViewContext, territoire: string): string {
  const rows = inForce(context).filter((row) => row.territoire === territoire);
  return [...new Set(rows.map((row) => row.source))].join(' / ');
}
