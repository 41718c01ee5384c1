import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareName } from '#lib/domain/bare-name.ts';
import { EXTRACTS, EXTRACT_TYPES, type ExtractColumn, type ExtractType } from '#lib/domain/extracts.ts';
import { readConfig } from '#lib/server/config.ts';
import { codeEntries } from '#lib/server/extracts/code-lists.ts';
import { looksIdentifying } from '#lib/server/extracts/identifiers.ts';
import { bestAssignment } from '#lib/domain/best-assignment.ts';
import { parseSynonyms, synonymsOf } from '#lib/server/extracts/profiles/column-synonyms.ts';
import { proposeColumns, proposeTypes } from '#lib/server/extracts/profiles/propose-columns.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { HELD_OUT_HEADERS, STRANGE_HEADERS } from '../support/held-out-headers.ts';
import { byDay, RUNS_FACTOR } from '../support/nightly.ts';
import { agendaSocialFile, suiviFamillesFile, unknownFile } from '../support/profile-files.ts';

const reference = loadReference(readConfig({}));
const ROWS = 24;

function cells(file: string[]): { header: string[]; rows: string[][] } {
  const [header, ...rows] = file.map((line) => line.split(';'));
  return { header: header!, rows };
}

/** Canonical column → name of the column proposed. */
function mapped(type: ExtractType, header: string[], rows: string[][]): Record<string, string | null> {
  const proposals = proposeColumns(type, header, rows, reference);
  return Object.fromEntries(
    [...proposals].map(([nom, { position }]) => [nom, position === null ? null : header[position]!])
  );
}

/** A plausible cell of a column of the contract. */
function cellOf(type: ExtractType, { nom, genre, liste, max }: ExtractColumn, row: number): string {
  const { cle } = EXTRACTS[type];
  const entries = liste ? codeEntries(reference, liste) : [];
  const day = `${String((row % 28) + 1).padStart(2, '0')}/10/2025`;
  const cell: Record<ExtractColumn['genre'], () => string> = {
    cle: () => `${nom[0]!.toUpperCase()}${cle.length === 1 && cle[0] === nom ? row + 1 : (row % 7) + 1}`,
    cles: () => (row % 2 ? 'A01|A02' : 'A03'),
    texte: () => ['R1', 'R2', ''][row % 3]!,
    date: () => (nom === 'date_fin' && row % 2 ? '' : day),
    mois: () => `2025-${String((row % 12) + 1).padStart(2, '0')}`,
    code: () => entries[row % entries.length]!.libelle,
    commune: () => reference.communes[row % 9]!.code,
    famille: () => `F${row + 1}`,
    entier: () => String(max === 1440 ? 30 + 15 * (row % 4) : row % 13),
    decimal: () => (max === 1 ? ['1', '0,8', '0,5'][row % 3]! : `${10 + row},5`),
    booleen: () => (row % 4 ? 'non' : 'oui')
  };
  return cell[genre]();
}

function strangeCell(header: string, row: number): string {
  const values: Record<string, string> = {
    'Créé par': 'import',
    Version: '4.2',
    'Date de mise à jour': `${String((row % 28) + 1).padStart(2, '0')}/11/2025`,
    'Nom de l’usager': `NOM${row}`,
    Remarques: 'Rien à dire',
    'Code postal': `94${row % 9}00`,
    Priorité: ['Haute', 'Basse'][row % 2]!
  };
  return values[header]!;
}

/** A file of the type whose columns bear the names given, with strangers among them; without rows, names alone tell. */
function fileOf(type: ExtractType, names: Record<string, string>, count: number) {
  const columns = EXTRACTS[type].colonnes.filter(({ nom }) => names[nom]);
  const strangers = STRANGE_HEADERS.filter(
    (name) => !Object.values(names).some((other) => bareName(other) === bareName(name))
  );
  const header = [...columns.map(({ nom }) => names[nom]!), ...strangers];
  const rows = Array.from({ length: count }, (_, row) => [
    ...columns.map((column) => cellOf(type, column, row)),
    ...strangers.map((name) => strangeCell(name, row))
  ]);
  return { header, rows };
}

/** Columns found, missed and mistaken when the n-th names of each column make a file, for every n. */
function measure(namesOf: (type: ExtractType, column: string) => string[], count: number) {
  const tally = { asked: 0, found: 0, wrong: 0, types: 0, files: 0, mistakes: [] as string[] };
  for (const type of EXTRACT_TYPES) {
    const { colonnes } = EXTRACTS[type];
    const most = Math.max(...colonnes.map(({ nom }) => namesOf(type, nom).length));
    for (let index = 0; index < most; index++) {
      const all = colonnes.map(({ nom }) => [nom, namesOf(type, nom)[index % namesOf(type, nom).length]!] as const);
      const names = Object.fromEntries(
        all.filter(([, name], at) => all.findIndex(([, other]) => bareName(other) === bareName(name)) === at)
      );
      const { header, rows } = fileOf(type, names, count);
      const found = mapped(type, header, rows);
      tally.files++;
      if (proposeTypes(header, rows, reference)[0]!.type === type) tally.types++;
      else tally.mistakes.push(`type ${type} ${index}`);
      for (const { nom } of colonnes) {
        tally.asked += names[nom] ? 1 : 0;
        if (names[nom] && found[nom] === names[nom]) tally.found++;
        else if (found[nom] !== null) tally.wrong++;
        if (found[nom] !== (names[nom] ?? null)) tally.mistakes.push(`${type}.${nom}: ${names[nom]} ← ${found[nom]}`);
      }
    }
  }
  return {
    ...tally,
    accuracy: tally.found / tally.asked,
    error: tally.wrong / tally.asked,
    type: tally.types / tally.files
  };
}

const heldOut = (type: ExtractType, column: string) => HELD_OUT_HEADERS[type][column]!;

describe('the names files give to columns', () => {
  const all = EXTRACT_TYPES.flatMap((type) => EXTRACTS[type].colonnes.map(({ nom }) => ({ type, nom })));

  it('are there for every column of every type', () => {
    for (const { type, nom } of all) expect(synonymsOf(type, nom).length, `${type}.${nom}`).toBeGreaterThanOrEqual(5);
  });

  it('stand for one column of a type, and never for one that identifies someone', () => {
    for (const type of EXTRACT_TYPES) {
      const taken = new Map<string, string>();
      for (const { nom } of EXTRACTS[type].colonnes) {
        for (const name of [nom, ...synonymsOf(type, nom)]) {
          expect(looksIdentifying(bareName(name)), name).toBe(false);
          expect(taken.get(bareName(name)) ?? nom, `${type} : ${name}`).toBe(nom);
          taken.set(bareName(name), nom);
        }
      }
    }
  });

  it('are refused for a column that does not exist', () => {
    expect(() => parseSynonyms('type,colonne,synonymes\nagents,agent,Qui\nagents,statut,État\n')).toThrow('rang 2');
    expect(() => parseSynonyms('type,colonne,synonymes\naides,agent,Qui\n')).toThrow('« aides », « agent »');
    expect(() => parseSynonyms('type,colonne,synonymes\nagents,agent,"Qui\n')).toThrow('guillemets');
  });

  it('were not seen by the names held out', () => {
    for (const { type, nom } of all) {
      const known = [nom, ...synonymsOf(type, nom)].map(bareName);
      expect(
        heldOut(type, nom).filter((name) => known.includes(bareName(name))),
        `${type}.${nom}`
      ).toEqual([]);
    }
  });
});

describe('the columns proposed', () => {
  it('are all there for a file that no profile knows', () => {
    for (const month of ['2025-10', '2026-02']) {
      const { header, rows } = cells(unknownFile(30, month));
      expect(mapped('rendez_vous', header, rows)).toEqual({
        ...{
          rendez_vous: 'Réf. entretien',
          intervention: 'Dossier',
          agent: 'Référent',
          date: 'Le',
          modalite: "Type d'entretien"
        },
        ...{ lieu: 'Site', statut: "Issue de l'entretien", duree_minutes: 'Durée', temps_global_minutes: null }
      });
      expect(proposeTypes(header, rows, reference)[0]!.type).toBe('rendez_vous');
    }
  });

  it('are those of the shipped profiles, for their files', () => {
    const agenda = cells(agendaSocialFile(30));
    expect(Object.values(mapped('rendez_vous', agenda.header, agenda.rows))).toEqual([
      ...[
        'Numéro de rendez-vous',
        'Dossier d’intervention',
        'Travailleur social référent',
        'Date et heure du rendez-vous'
      ],
      ...['Mode d’entretien', 'Lieu de l’entretien', 'Suite donnée au rendez-vous', 'Durée de l’entretien (minutes)'],
      'Temps total, préparation comprise (minutes)'
    ]);
    const suivi = cells(suiviFamillesFile(30));
    expect(Object.values(mapped('interventions', suivi.header, suivi.rows))).toEqual([
      ...[
        'NUM_DOS',
        'REF_FAM',
        'NUM_EVT',
        'CD_OFF',
        'CD_NAT',
        'DT_DEB',
        'DT_FIN',
        'DT_CTR',
        'TOP_REF_VAD',
        'CD_ISS',
        'CD_AGT',
        'CD_COM'
      ],
      null
    ]);
    expect(proposeTypes(agenda.header, agenda.rows, reference)[0]!.type).toBe('rendez_vous');
    expect(proposeTypes(suivi.header, suivi.rows, reference)[0]!.type).toBe('interventions');
  });

  it('say why, and follow the values when names say nothing', () => {
    const header = ['Zed', 'Quand', 'Comment', 'Suite du jour'];
    const rows = Array.from({ length: 12 }, (_, row) => [
      `R${row}`,
      `${13 + row}/10/2025`,
      ['VAD', 'Visio', 'Téléphone'][row % 3]!,
      ['Honoré', 'Absent'][row % 2]!
    ]);
    const proposals = proposeColumns('rendez_vous', header, rows, reference);
    expect(proposals.get('date')).toMatchObject({ position: 1, reason: 'dates' });
    expect(proposals.get('modalite')).toMatchObject({ position: 2, reason: 'codes connus : 3 sur 3' });
    expect(proposals.get('statut')).toMatchObject({ position: 3 });
    expect(proposals.get('lieu')).toEqual({ position: null, score: 0, reason: 'aucune colonne proche' });
    expect(proposeColumns('rendez_vous', ['DATE'], [], reference).get('date')).toEqual({
      position: 0,
      score: 0.97,
      reason: 'même nom'
    });
  });

  it('are none for what has nothing to do with the type', () => {
    const header = ['Couleur', 'Poids', 'Remarque', 'Immatriculation'];
    const rows = Array.from({ length: 12 }, (_, row) => [['rouge', 'vert'][row % 2]!, `${row},25`, 'RAS', `AB-${row}`]);
    for (const type of EXTRACT_TYPES) {
      const proposed = Object.entries(mapped(type, header, rows)).filter(([, name]) => name !== null);
      expect(proposed, type).toEqual([]);
    }
    expect(Object.values(mapped('temps', [], []))).toEqual(Array(5).fill(null));
  });

  it.each([
    ['Nom de la famille', 'F1'],
    ['N° allocataire', '1234567'],
    ['Agent', 'jeanne@caf.invalid'],
    ['Famille', '06 12 34 56 78'],
    ['N° famille', '1 85 05 78 006 084 36'],
    ['Commune', '12 rue des Lilas'],
    [
      'Issue',
      'Madame dit que tout va bien depuis la dernière rencontre, et ne souhaite plus être suivie par le service.'
    ]
  ])('never are one that identifies someone: « %s » (%s)', (name, value) => {
    const rows = Array.from({ length: 10 }, () => [value]);
    expect(Object.values(mapped('interventions', [name], rows))).toEqual(Array(13).fill(null));
  });

  it('are never a name that is there twice, nor one without name', () => {
    expect(mapped('absences', ['agent', 'Agent', '', 'Du'], [])).toMatchObject({ agent: null, date_debut: 'Du' });
  });
});

describe('the columns proposed, whatever the file', () => {
  const knownFile = fc.constantFrom(...EXTRACT_TYPES).chain((type) => {
    const { colonnes } = EXTRACTS[type];
    const spelling = (nom: string) => fc.constantFrom(nom, ...synonymsOf(type, nom), ...heldOut(type, nom));
    return fc
      .record({
        names: fc.tuple(...colonnes.map(({ nom }) => fc.option(spelling(nom), { freq: 5, nil: '' }))),
        count: fc.constantFrom(0, 8, ROWS)
      })
      .filter(({ names }) => {
        const bare = names.filter(Boolean).map(bareName);
        return new Set(bare).size === bare.length && bare.length > 0;
      })
      .map(({ names, count }) => ({
        type,
        ...fileOf(type, Object.fromEntries(colonnes.map(({ nom }, at) => [nom, names[at]!])), count)
      }));
  });
  const runs = { numRuns: byDay(30, 480) };

  it('serve once', () => {
    const anyFile = fc.record({
      type: fc.constantFrom(...EXTRACT_TYPES),
      header: fc.array(
        fc.oneof(
          fc.string({ maxLength: 12 }),
          fc.constantFrom(...STRANGE_HEADERS, 'Date', 'Agent', 'Du', 'Le', 'Code')
        ),
        { maxLength: 15 }
      ),
      rows: fc.array(
        fc.array(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('01/10/2025', '94028', 'oui', '45')), {
          maxLength: 15
        }),
        { maxLength: 8 }
      )
    });
    fc.assert(
      fc.property(fc.oneof(knownFile, anyFile), ({ type, header, rows }) => {
        const proposals = [...proposeColumns(type, header, rows, reference).values()];
        const taken = proposals.flatMap(({ position }) => position ?? []);
        expect(new Set(taken).size).toBe(taken.length);
        for (const position of taken) expect(looksIdentifying(bareName(header[position]!))).toBe(false);
        for (const { position, score, reason } of proposals) {
          expect(score > 0 && score <= 1).toBe(position !== null);
          expect(reason).not.toBe('');
        }
      }),
      runs
    );
  });

  it('are the same in another order of columns', () => {
    const shuffled = knownFile.chain((file) =>
      fc
        .shuffledSubarray(
          file.header.map((_, at) => at),
          { minLength: file.header.length }
        )
        .map((order) => ({ ...file, order }))
    );
    fc.assert(
      fc.property(shuffled, ({ type, header, rows, order }) => {
        const moved = mapped(
          type,
          order.map((at) => header[at]!),
          rows.map((row) => order.map((at) => row[at]!))
        );
        expect(moved).toEqual(mapped(type, header, rows));
      }),
      runs
    );
  });

  it('are the same in another case, with accents or without', () => {
    const plain = (name: string) => name.normalize('NFD').replace(/\p{M}/gu, '');
    fc.assert(
      fc.property(
        knownFile,
        fc.constantFrom('upper', 'lower', 'plain', 'decomposed'),
        ({ type, header, rows }, way) => {
          const change = {
            upper: (name: string) => name.toUpperCase(),
            lower: (name: string) => name.toLowerCase(),
            plain,
            decomposed: (name: string) => name.normalize('NFD')
          }[way];
          const positions = (names: string[]) =>
            [...proposeColumns(type, names, rows, reference)].map(([nom, { position }]) => [nom, position]);
          expect(positions(header.map(change))).toEqual(positions(header));
        }
      ),
      runs
    );
  });
});

describe('how many columns are found', () => {
  it.each([
    ['known names, with their values', synonymsOf, ROWS, 0.99, 0.005, 1],
    ['known names alone', synonymsOf, 0, 0.99, 0.005, 1],
    ['names never seen, with their values', heldOut, ROWS, 0.96, 0.01, 1],
    ['names never seen alone', heldOut, 0, 0.88, 0.015, 0.95]
  ] as const)('%s', (name, namesOf, count, floor, ceiling, types) => {
    const { accuracy, error, type, mistakes } = measure(namesOf, count);
    const told = `${name}: ${accuracy.toFixed(3)} found, ${error.toFixed(3)} wrong, ${type.toFixed(3)} types\n${mistakes.join('\n')}`;
    if (process.env.VIGIE_MESURES) console.log(told);
    expect(accuracy, told).toBeGreaterThanOrEqual(floor);
    expect(error, told).toBeLessThanOrEqual(ceiling);
    expect(type, told).toBeGreaterThanOrEqual(types);
  });
});

describe('the assignment', () => {
  it('has the greatest total gain, as trying them all does', () => {
    const matrix = fc.integer({ min: 1, max: 4 }).chain((width) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: width, maxLength: width }), {
        minLength: 1,
        maxLength: 4
      })
    );
    const best = (gains: number[][], row = 0, used = new Set<number>()): number =>
      row === gains.length
        ? 0
        : Math.max(
            best(gains, row + 1, used),
            ...gains[row]!.map((gain, at) => (used.has(at) ? 0 : gain + best(gains, row + 1, new Set([...used, at]))))
          );
    fc.assert(
      fc.property(matrix, (gains) => {
        const total = bestAssignment(gains).reduce<number>(
          (sum, at, row) => sum + (at === null ? 0 : gains[row]![at]!),
          0
        );
        expect(total).toBe(best(gains));
      }),
      { numRuns: 200 * RUNS_FACTOR }
    );
  });
});
