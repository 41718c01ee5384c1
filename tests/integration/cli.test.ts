import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fails, json, testFolder, vigie, vigieHere, type Run } from '../support/cli.ts';
import { ONE_MORE, writeLines, writeSmallExtracts } from '../support/small-extracts.ts';

const folder = testFolder();
const files = writeSmallExtracts(join(folder, 'extraits'));
const [HEADER] = ONE_MORE as [string, string];

interface Report {
  lots: { lot: string | null; fichier: string; refus?: string; [count: string]: unknown }[];
}
interface Total {
  total: { numerateur: number; denominateur: number };
}
const inPerson = async (store: string) => {
  const { total } = await json<Total>(store, ['indicateur', 'part_presentiel', '--periode', '2025-T2']);
  return `${total.numerateur}/${total.denominateur}`;
};

describe('import, imports, annuler, purger', () => {
  const store = join(folder, 'store');

  it('imports several files, one refused as a whole, and undoes one', { timeout: 120_000 }, async () => {
    const dry = await json<Report>(store, ['import', ...files, '--essai']);
    expect(dry.lots.map(({ lot }) => lot)).toEqual([null, null, null, null]);
    expect(existsSync(store), 'a trial creates no store').toBe(false);
    expect(await json(store, ['imports'])).toEqual([]);

    const strange = writeLines(folder, 'inconnu.csv', ['a;b', '1;2']);
    const { lots } = await json<Report>(store, ['import', strange, ...files], 1, vigie);
    expect(lots[0]).toEqual({ fichier: 'inconnu.csv', refus: expect.stringMatching(/Type non reconnu/) as string });
    expect(lots[3]).toMatchObject({
      ...{ lot: expect.any(String) as string, type: 'rendez_vous', fichier: 'rendez_vous.csv', lues: 10 },
      ...{ acceptees: 10, remplacees: 0, doublons: 0, rejetees: 0, ignorees: 0, rejets: [] }
    });
    expect(await inPerson(store)).toBe('4/6');

    const before = readdirSync(store, { recursive: true });
    await json(store, ['import', files[2]!, '--essai']);
    expect(readdirSync(store, { recursive: true })).toEqual(before);

    const faulty = writeLines(folder, 'fautif.csv', [...ONE_MORE, 'R12;I2;A02;11/06/2025;fusée;honore']);
    const { lots: more } = await json<Report>(store, ['import', faulty]);
    const rejets = [{ ligne: 3, colonne: 'modalite', valeur: 'fusée', motif: expect.any(String) as string }];
    expect(more).toMatchObject([{ lues: 2, acceptees: 1, rejetees: 1, rejets }]);
    expect(await inPerson(store)).toBe('4/7');

    const journal = await json<{ lot: string; fichier: string; au: string }[]>(store, ['imports'], 0, vigie);
    expect(journal.map(({ fichier }) => fichier)).toEqual([
      'fautif.csv',
      ...files.map((path) => basename(path)).reverse()
    ]);
    // R10 is planned for February 2026: what is known goes to R7.
    expect(journal.find(({ fichier }) => fichier === 'rendez_vous.csv')).toMatchObject({
      du: '2024-05-02',
      au: '2025-07-01'
    });

    const lot = more[0]!.lot!;
    await fails(
      store,
      ['annuler', 'inconnu'],
      2,
      new RegExp(`« inconnu » n’existe pas\\.\\nValeurs admises : .*${lot}`)
    );
    expect(await json(store, ['annuler', lot], 0, vigie)).toMatchObject({ lot, annule: true });
    await fails(store, ['annuler', lot], 1, /est déjà annulé/);
    expect(await inPerson(store)).toBe('4/6');

    expect(await json(store, ['purger', '--avant', '2025-01-01'], 0, vigie)).toMatchObject({
      avant: '2025-01-01',
      lots_annules_supprimes: 1
    });
    expect(await json(store, ['imports'])).toHaveLength(4);
    expect(await json(store, ['verifier'], 0, vigie)).toMatchObject({ valide: true, lots: 4 });
  });

  it('reads dates as told, and takes the type as told', async () => {
    const other = join(folder, 'dates');
    const file = writeLines(folder, 'mois_jour.csv', [HEADER, 'R1;I1;A01;06/12/2025;presentiel;honore']);
    await json<Report>(other, ['import', file, '--type', 'rendez_vous', '--dates', 'mm/jj']);
    expect(await json(other, ['imports'])).toMatchObject([{ type: 'rendez_vous', du: '2025-06-12', au: '2025-06-12' }]);
  });

  it('tells in French what it cannot do', async () => {
    const missing = join(folder, 'absent.csv');
    expect(await json<Report>(join(folder, 'e1'), ['import', missing, folder], 1)).toEqual({
      lots: [
        { fichier: 'absent.csv', refus: 'Fichier introuvable : vérifiez son chemin.' },
        { fichier: basename(folder), refus: 'C’est un dossier : indiquez les fichiers qu’il contient.' }
      ]
    });
    await fails(store, [], 2, /^Usage : vigie/, {}, vigie);
    await fails(store, ['constructor'], 2, /« constructor » n'existe pas\.\nValeurs admises : demo, import/);
    await fails(store, ['import'], 2, /Aucun fichier/);
    await fails(store, ['import', missing, '--type', 'x'], 2, /Valeurs admises : agents, absences/);
    await fails(store, ['import', missing, '--dates', 'x'], 2, /Valeurs admises : jj\/mm, mm\/jj/);
    await fails(store, ['import', missing, '--profil', 'x'], 2, /profil « x » n’existe pas/);
    await fails(store, ['annuler'], 2, /Un lot, et un seul/);
    await fails(store, ['purger'], 2, /La date manque/);
    await fails(store, ['purger', '--avant', '2025-02-30'], 2, /« 2025-02-30 » n'est pas une date/);
    await fails(store, ['verifier', 'tout'], 2, /Argument inattendu : « tout »/);
    await fails(store, ['indicateurs'], 1, /VIGIE_TODAY vaut « demain »/, { VIGIE_TODAY: 'demain' });
    await fails(store, ['indicateurs'], 1, /VIGIE_CAF vaut « 99 »/, { VIGIE_CAF: '99' });
    await fails(store, ['indicateurs'], 1, /VIGIE_FILS vaut « deux »/, { VIGIE_FILS: 'deux' });
    await fails(files[0]!, ['import', files[1]!], 1, /Le système a refusé/, {}, vigie);
  });

  it('tells what a trial would change, what it cannot settle, and keeps to the retention of the Caf', async () => {
    const other = join(folder, 'essai');
    const [agents, interventions, meetings] = writeSmallExtracts(join(folder, 'petits'));
    await json(other, ['import', agents!, interventions!, meetings!]);
    const journal = await json<unknown[]>(other, ['imports']);
    const more = writeLines(folder, 'de_plus.csv', ONE_MORE);
    const run = await vigieHere(other, ['import', more, '--essai', '--format', 'json']);
    const trial = JSON.parse(run.stdout) as {
      lots: { lot: null }[];
      effet: { indicateur: string; avant: number; apres: number }[];
    };
    expect(trial.lots).toMatchObject([
      { lot: null, acceptees: 1, lecture: { dates: 'jj/mm', date_ambigue: '10/06/2025' } }
    ]);
    // 2025-T2: 4 of 6 in person, then 4 of 7.
    expect(trial.effet.find(({ indicateur }) => indicateur === 'part_presentiel')).toMatchObject({
      avant: 4 / 6,
      apres: 4 / 7
    });
    expect(run.stderr).toMatch(/Part du présentiel : 66,7.% → 57,1.%/);
    expect(run.stderr).toMatch(/se lisent dans les deux sens .*--dates mm\/jj/);
    expect(await json(other, ['imports'])).toEqual(journal);

    await json(other, [
      'import',
      writeLines(folder, 'ancien.csv', [ONE_MORE[0]!, 'R0;I1;A01;15/06/2015;visio;honore'])
    ]);
    // Sixty months before January 2026.
    expect(await json(other, ['purger', '--conservation'])).toMatchObject({
      avant: '2021-01-01',
      lignes_supprimees: 1
    });
    await fails(other, ['purger', '--conservation', '--avant', '2020-01-01'], 2, /l’une ou l’autre/);
  });

  it('lists the indicators', async () => {
    const all = await json<{ id: string }[]>(store, ['indicateurs'], 0, vigie);
    expect(all).toHaveLength(readdirSync('queries/indicators').length);
    expect(all.find(({ id }) => id === 'part_temps_individuel')).toEqual({
      id: 'part_temps_individuel',
      libelle: 'Part du temps individuel',
      unite: 'part',
      sens: 'cible',
      axes: expect.arrayContaining(['territoire']) as string[]
    });
  });
});

describe('files that are not extracts', () => {
  it('are refused with a sentence each, in one import that goes on', async () => {
    const store = join(folder, 'hostile');
    const hostile = join(folder, 'hostiles');
    mkdirSync(hostile);
    const noise = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff));
    const contents: [string, string | Buffer, RegExp][] = [
      ['vide.csv', '', /^Le fichier est vide\.$/],
      ['blancs.csv', '\n\n\n', /aucun en-tête lisible/],
      ['entete.csv', HEADER, /n’a qu’un en-tête/],
      ['une_ligne.csv', 'x'.repeat(12_000_000), /^Type non reconnu/],
      ['longue.csv', `${HEADER}\n${'y'.repeat(12_000_000)}\n`, /^Ligne 2 : .*2 Mo/],
      ['nuls.csv', `${HEADER}\nR1;I1;A01;02/06/2025;pre\0sentiel;honore\n`, /octets nuls/],
      ['bruit.csv', noise, /^Type non reconnu/],
      ['guillemet.csv', `${HEADER}\n"R1;I1;A01;02/06/2025;presentiel;honore\n`, /guillemet/],
      ['faux.parquet', 'PAR1 rien', /Parquet est illisible/],
      ['classeur.xlsx', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), /classeur/]
    ];
    for (const [name, content] of contents) writeFileSync(join(hostile, name), content);
    const good = writeLines(folder, 'bon.csv', ONE_MORE);
    const { lots } = await json<Report>(store, ['import', ...contents.map(([name]) => join(hostile, name)), good], 1);
    expect(lots).toHaveLength(contents.length + 1);
    for (const [index, [fichier, , refus]] of contents.entries()) {
      expect(lots[index]).toEqual({ fichier, refus: expect.stringMatching(refus) as string });
    }
    expect(lots.at(-1)).toMatchObject({ fichier: 'bon.csv', acceptees: 1 });
    expect(readdirSync(join(store, 'batches'))).toHaveLength(1);
  });
});

describe('demo', () => {
  const store = join(folder, 'demo');
  const small = ['--annees', '1', '--echelle', '0.05'];
  const lotsOf = ({ stdout }: Run) => (JSON.parse(stdout) as Report).lots;

  it('loads a demonstration, replaces it, and never mixes with real lots', { timeout: 120_000 }, async () => {
    const first = await vigie(store, ['demo', ...small, '--format', 'json']);
    expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(/données inventées/) as string });
    expect(lotsOf(first).map(({ type }) => type)).toContain('rendez_vous');
    const second = await vigieHere(store, ['demo', ...small, '--graine', '7', '--format', 'json']);
    const journal = await json<{ lot: string; demonstration: boolean }[]>(store, ['imports']);
    expect(journal.map(({ lot }) => lot).sort()).toEqual(
      lotsOf(second)
        .map(({ lot }) => lot)
        .sort()
    );
    expect(journal.every(({ demonstration }) => demonstration)).toBe(true);
    expect(readdirSync(join(store, 'batches')).sort()).toEqual(journal.map(({ lot }) => lot).sort());
    expect((await vigieHere(store, ['import', files[0]!])).code).toBe(0);
    await fails(store, ['demo', ...small], 1, /contient de vraies données/);
    expect(await json(store, ['imports'])).toHaveLength(journal.length + 1);
  });

  it('only writes the files with --sortie', async () => {
    const [nowhere, out] = [join(folder, 'nulle-part'), join(folder, 'sortie')];
    const { fichiers } = await json<{ fichiers: string[] }>(nowhere, ['demo', ...small, '--sortie', out]);
    expect(fichiers.map((path) => basename(path)).sort()).toEqual(readdirSync(out).sort());
    expect(existsSync(nowhere)).toBe(false);
    await fails(nowhere, ['demo', '--annees', '0'], 2, /--annees/);
  });
});
