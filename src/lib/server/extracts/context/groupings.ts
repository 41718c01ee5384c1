import { communePlace } from '#lib/server/extracts/context/places.ts';
import type { ContextShape, GeographyRow } from '#lib/server/extracts/context/shape.ts';
import {
  givenYear,
  rejected,
  tableShape,
  type Columns,
  type ContextFile,
  type TableLine
} from '#lib/server/extracts/context/table.ts';
import { yearIn } from '#lib/server/extracts/context/cells.ts';
import { noPlace } from '#lib/server/extracts/context/values.ts';

interface Composition {
  id: string;
  libelle: string;
  source: string;
  /** Positions of the commune, of the group's code and of its name. */
  commune: number;
  group: number;
  name: number;
  /** Year that the file says by itself. */
  year: number | null;
  /** Other columns that are read. */
  used?: number[];
  whyIgnored?: (bare: string) => string | null;
  relationOf(line: TableLine): 'epci' | 'ept';
}

/** Members of groups of communes, one a line: the department is that of the commune, never of the group's seat. */
function compositionShape(columns: Columns, file: ContextFile, composition: Composition): ContextShape {
  const { id, libelle, source, commune, group, name, used = [], whyIgnored, relationOf } = composition;
  const year = givenYear(file.answers) ?? composition.year;
  return tableShape(file, {
    ...{ id, libelle, type: 'geographie', columns, whyIgnored },
    used: [commune, group, name, ...used],
    needs: year === null ? ['millesime'] : [],
    read: (line) => {
      const place = communePlace(line.text(commune), file.knowledge);
      if (!('code' in place)) return [noPlace(line.line, columns.name(commune), line.text(commune), place)!];
      const code = line.text(group);
      if (code === null || /^Z+$/.test(code)) {
        return [{ kind: 'ignored', line: line.line, column: null, reason: 'commune sans groupement' }];
      }
      if (!/^\d{9}$/.test(code)) {
        return [
          rejected(line.line, columns.name(group), code, 'numéro Siren illisible : neuf chiffres sont attendus.')
        ];
      }
      const row: GeographyRow = {
        ...{ commune: place.code, relation: relationOf(line), vers: code, libelle: line.text(name) },
        ...{ date_effet: `${year}-01-01`, source: `${source}, ${year}` }
      };
      return [{ kind: 'row', line: line.line, column: null, row }];
    }
  });
}

/** DGCL, `epcicom` of recent years and `epci` of older ones. */
export function dgclGroupings(columns: Columns, file: ContextFile): ContextShape | null {
  const name = columns.at('raisonsociale', 'nom');
  if (!columns.has('siren', 'insee') || name < 0 || columns.at('nommembre', 'nomcom') < 0) return null;
  const nature = columns.at('naturejuridique', 'nature');
  const years = columns.entries.flatMap(([bare]) => /^p(?:tot|mun)((?:19|20)\d{2})$/.exec(bare)?.[1] ?? []);
  return compositionShape(columns, file, {
    id: 'dgcl_groupements',
    libelle: 'Composition des intercommunalités (DGCL)',
    source: 'DGCL, composition des intercommunalités',
    commune: columns.at('insee'),
    group: columns.at('siren'),
    name,
    used: [nature],
    whyIgnored: (bare) =>
      /^(ptot|pmun)/.test(bare) ? 'la population est celle d’un autre millésime : prenez le fichier de l’Insee' : null,
    year: yearIn(years.join(' ')),
    relationOf: (line) => (line.text(nature)?.toUpperCase() === 'EPT' ? 'ept' : 'epci')
  });
}

/** Insee, composition of the EPT, or of the EPCI, at 1 January of the year that the title tells. */
export function inseeGroupings(columns: Columns, file: ContextFile): ContextShape | null {
  const relation = columns.has('ept') ? 'ept' : 'epci';
  if (!columns.has('codgeo', relation, `lib${relation}`)) return null;
  const titles = file.opening.lines.slice(0, columns.heading.headerLine).join('\n');
  const day = /g[ée]ographie au (?:1er janvier|\d{2}\/\d{2}\/)\s*(\d{4})/i.exec(titles)?.[1];
  return compositionShape(columns, file, {
    id: `insee_${relation}`,
    libelle: relation === 'ept' ? 'Composition des EPT (Insee)' : 'Composition des EPCI (Insee)',
    source: `Insee, composition des ${relation.toUpperCase()}`,
    commune: columns.at('codgeo'),
    group: columns.at(relation),
    name: columns.at(`lib${relation}`),
    year: day ? Number(day) : null,
    relationOf: () => relation
  });
}
