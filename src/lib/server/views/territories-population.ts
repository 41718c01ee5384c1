import type { Cell } from '#lib/domain/cell.ts';
import { formatChange } from '#lib/domain/format.ts';
import type { Commune } from '#lib/domain/reference.ts';
import { casesOf, shareOf } from '#lib/server/views/chart-model.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { countCell } from '#lib/server/views/data-cells.ts';
import type { Figures } from '#lib/server/views/figures.ts';
import type { Frame } from '#lib/server/views/frame.ts';
import type { PageTable } from '#lib/server/views/page.ts';
import type { Populations } from '#lib/server/views/population-vintages.ts';
import { hrefOfArea, type Choice, type Level } from '#lib/server/views/territories-choice.ts';
import { areasAt, sectorSource, type Area } from '#lib/server/views/territory-sectors.ts';

const HEADERS: Record<Level, string> = {
  territoire: 'Territoire',
  intercommunalite: 'Intercommunalité',
  commune: 'Commune'
};

/**
 * Population, its growth, and the activity beside it: who has which share of both. `started` holds `part_socle` by the
 * level.
 */
export function populationTable(
  context: ViewContext,
  frame: Frame,
  choice: Choice,
  started: Figures,
  populations: Populations
): PageTable {
  const { level } = choice;
  const everyone = context.house.reference.communes;
  const inhabitants = inhabitantsIn(populations, everyone);
  const source = (code: string | null) => (code === null ? '' : sectorSource(context, code));
  const whole = { code: '', label: '', communes: everyone, territoire: '' };
  return {
    id: 'contexte',
    caption: `Population et activité, ${frame.windowLabel}`,
    headerLabel: HEADERS[level],
    columns: columnsOf(level, populations),
    rows: areasAt(context, level).map((area) => ({
      header: area.label,
      ...linkOf(area.code === null ? null : hrefOfArea(context, choice, area.code)),
      cells: [
        besideName(level, area),
        ...(area.code === null ? ['', '', '', ''] : inhabitants(area.communes)),
        ...activityIn(level, area, started),
        ...(level === 'territoire' ? [source(area.code)] : [])
      ]
    })),
    total: {
      header: 'Ensemble',
      cells: [
        besideName(level, whole),
        ...inhabitants(everyone),
        casesOf(started.cell('part_socle')),
        ...(level === 'territoire' ? ['', ''] : [''])
      ]
    }
  };
}

/** Before and now, the growth, and the share of the whole. */
function inhabitantsIn(populations: Populations, everyone: Commune[]) {
  const whole = populations.of(everyone, populations.latest);
  return (communes: Commune[]): (Cell | string)[] => {
    const [before, now] = [populations.of(communes, populations.earlier), populations.of(communes, populations.latest)];
    return [before, now, formatChange(now, before) ?? '', shareOf(now, whole)];
  };
}

function activityIn(level: Level, { code }: Area, started: Figures): Cell[] {
  const whole = started.cell('part_socle');
  const own = casesOf(started.cell('part_socle', 0, { [level]: code }), whole);
  return [own, shareOf(own, casesOf(whole))];
}

function columnsOf(level: Level, { earlier, latest }: Populations): PageTable['columns'] {
  return [
    level === 'commune'
      ? { id: 'territoire', label: 'Territoire', align: 'left' as const }
      : { id: 'communes', label: 'Communes' },
    { id: 'habitants_avant', label: earlier === null ? 'Habitants avant' : `Habitants ${earlier}` },
    { id: 'habitants', label: latest === null ? 'Habitants' : `Habitants ${latest}` },
    { id: 'evolution', label: 'Évolution' },
    { id: 'part_habitants', label: 'Part des habitants', unit: 'part' },
    { id: 'interventions', label: 'Interventions commencées' },
    { id: 'part_interventions', label: 'Part des interventions', unit: 'part' },
    ...(level === 'territoire' ? [{ id: 'source', label: 'D’où vient le secteur', align: 'left' as const }] : [])
  ];
}

/** How many communes, or for a commune the territoire it is in. */
function besideName(level: Level, { code, communes, territoire }: Area): Cell | string {
  if (level === 'commune') return territoire ?? '';
  return code === null ? '' : countCell(communes.length);
}

const linkOf = (href: string | null) => (href === null ? {} : { href });
