import { isIsoDate } from '#lib/domain/period.ts';
import { communePlace, departmentOf, OUTSIDE } from '#lib/server/extracts/context/places.ts';
import type { ContextOutcome, ContextShape, GeographyRow } from '#lib/server/extracts/context/shape.ts';
import {
  givenYear,
  rejected,
  tableShape,
  type Columns,
  type ContextFile,
  type TableLine
} from '#lib/server/extracts/context/table.ts';
import { noPlace } from '#lib/server/extracts/context/values.ts';

type Outcome = ContextOutcome<GeographyRow>;
const ignored = (line: number, reason: string): Outcome[] => [{ kind: 'ignored', line, column: null, reason }];

/**
 * Insee, communes of the code officiel géographique (`v_commune`). A commune and a municipal arrondissement are what
 * they are; a delegated or associated commune is part of its parent.
 */
export function cogCommunes(columns: Columns, file: ContextFile): ContextShape | null {
  if (!columns.has('typecom', 'com', 'libelle', 'comparent') || columns.has('mod')) return null;
  const [kind, code, name, parent] = ['typecom', 'com', 'libelle', 'comparent'].map((one) => columns.at(one)) as [
    ...[number, number, number, number]
  ];
  const year = givenYear(file.answers);
  const source = `Insee, code officiel géographique, ${year}`;
  return tableShape(file, {
    id: 'cog_communes',
    libelle: 'Communes du code officiel géographique (Insee)',
    type: 'geographie',
    columns,
    used: [kind, code, name, parent],
    needs: year === null ? ['millesime'] : [],
    read: (line): Outcome[] => {
      const place = communePlace(line.text(code), file.knowledge);
      if (!('code' in place)) return [noPlace(line.line, columns.name(code), line.text(code), place)!];
      const row = { commune: place.code, libelle: line.text(name), date_effet: `${year}-01-01`, source };
      const type = line.text(kind)?.toUpperCase();
      if (type === 'COM' || type === 'ARM') {
        return [
          { kind: 'row', line: line.line, column: null, row: { ...row, relation: 'actuelle', vers: place.code } }
        ];
      }
      if (type !== 'COMD' && type !== 'COMA') {
        const reason = 'type de commune inconnu : attendu COM, ARM, COMD ou COMA.';
        return [rejected(line.line, columns.name(kind), line.text(kind), reason)];
      }
      return partOfParent(line, parent, { ...row, relation: 'devient' });
    }
  });
}

function partOfParent(line: TableLine, parent: number, row: Omit<GeographyRow, 'vers'>): Outcome[] {
  const vers = line.text(parent);
  if (vers === row.commune) return ignored(line.line, 'commune déléguée ou associée qui porte le code de sa commune');
  if (vers === null) return [rejected(line.line, 'COMPARENT', null, 'la commune de rattachement manque.')];
  return [{ kind: 'row', line: line.line, column: null, row: { ...row, vers } }];
}

/**
 * Movements after which a code is read under another one. Others change a name (10) or a status (34, 35, 70, 71).
 */
const BECOMES: Record<string, string> = {
  '31': 'fusion simple',
  '32': 'création de commune nouvelle',
  '33': 'fusion-association',
  '41': 'changement de département',
  '50': 'transfert de chef-lieu'
};
/** A commune is cut: each part is told, its own code included, for nobody can share out its past values. */
const PARTS: Record<string, string> = {
  '20': 'création',
  '21': 'rétablissement',
  '30': 'suppression'
};
const STAYS: Record<string, string> = {
  '10': 'changement de nom : le code reste',
  '34': 'fusion-association devenue fusion simple : le code reste',
  '35': 'suppression de commune déléguée : le code reste',
  '70': 'commune associée devenue déléguée : le code reste',
  '71': 'rétablissement de commune déléguée : le code reste'
};

/** Insee, movements of communes (`v_mvt_commune`, `v_mvtcommune`). */
export function cogMovements(columns: Columns, file: ContextFile): ContextShape | null {
  const names = ['mod', 'dateeff', 'typecomav', 'comav', 'typecomap', 'comap'];
  if (!columns.has(...names)) return null;
  const at = names.map((one) => columns.at(one));
  const label = columns.at('libelleap');
  return tableShape(file, {
    id: 'cog_mouvements',
    libelle: 'Mouvements de communes (Insee)',
    type: 'geographie',
    columns,
    used: [...at, label],
    read: (line): Outcome[] => {
      const [mod, day, typeBefore, before, typeAfter, after] = at.map((position) => line.text(position));
      if (!mod || !(mod in BECOMES || mod in PARTS || mod in STAYS)) {
        return [rejected(line.line, 'MOD', mod ?? null, 'type de mouvement inconnu de la nomenclature de l’Insee.')];
      }
      if (!day || !isIsoDate(day))
        return [rejected(line.line, 'DATE_EFF', day ?? null, 'date illisible : AAAA-MM-JJ.')];
      const reason = STAYS[mod];
      if (reason) return ignored(line.line, reason);
      if (!before || !after) return [rejected(line.line, 'COM_AV', before ?? null, 'un code de commune manque.')];
      if (typeBefore !== 'COM' || typeAfter !== 'COM') return ignored(line.line, 'ne concerne pas deux communes');
      if (before === after && !(mod in PARTS)) return ignored(line.line, 'la commune garde son code');
      const { departements } = file.knowledge;
      if (![before, after].some((code) => departements.includes(departmentOf(code))))
        return ignored(line.line, OUTSIDE);
      const libelle = `${line.text(label) ?? after} (${BECOMES[mod] ?? PARTS[mod]})`;
      const source = 'Insee, code officiel géographique, mouvements';
      const row: GeographyRow = { commune: before, relation: 'devient', vers: after, libelle, date_effet: day, source };
      return [{ kind: 'row', line: line.line, column: null, row }];
    }
  });
}
