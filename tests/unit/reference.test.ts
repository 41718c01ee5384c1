import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelOf, labels } from '#lib/domain/labels.ts';
import { AXIS_VOCABULARIES, VOCABULARIES } from '#lib/domain/extracts.ts';
import { readConfig } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { communesCsv } from '../../data/communes/regenerate.ts';

const config = readConfig({});
const reference = loadReference(config);
const count = <T>(rows: T[], keep: (row: T) => boolean): number => rows.filter(keep).length;

describe('the reference data of the Val-de-Marne', () => {
  it('has 47 communes and 1,426,929 inhabitants, as the package says', () => {
    expect(reference.communes).toHaveLength(47);
    expect(reference.communes.reduce((sum, { population }) => sum + population, 0)).toBe(1_426_929);
    expect(readFileSync(join(config.root, 'data/communes/94.csv'), 'utf8')).toBe(communesCsv('94'));
  });

  it('gives each commune one territory, 16, 13 and 18, by its EPT, and says it is a hypothesis', () => {
    const territoireOfEpt: Record<string, string> = {
      'Grand Paris Sud Est Avenir': 'creteil',
      'Paris Est Marne et Bois': 'champigny',
      'Grand-Orly Seine Bièvre': 'orly'
    };
    const { sectorisation, communes } = reference;
    expect(count(sectorisation, ({ territoire }) => territoire === 'creteil')).toBe(16);
    expect(count(sectorisation, ({ territoire }) => territoire === 'champigny')).toBe(13);
    expect(count(sectorisation, ({ territoire }) => territoire === 'orly')).toBe(18);
    const territoireOf = new Map(sectorisation.map(({ commune, territoire }) => [commune, territoire]));
    for (const { code, ept_nom } of communes) expect(territoireOf.get(code)).toBe(territoireOfEpt[ept_nom!]);
    expect(sectorisation.every(({ source }) => source.startsWith('Hypothèse'))).toBe(true);
  });

  it('dates the membership of the national base', () => {
    const base = (offre: string) =>
      reference.offres
        .filter((row) => row.offre === offre)
        .map(({ socle, valable_du, valable_au }) => [socle, valable_du, valable_au]);
    for (const offre of ['separation', 'deces_parent', 'deces_enfant', 'impaye_loyer']) {
      expect(base(offre)).toEqual([[true, '2009-10-01', null]]);
    }
    expect(base('parents_seuls')).toEqual([[true, '2021-01-01', null]]);
    for (const offre of ['non_decence', 'rsa_majore']) {
      expect(base(offre)).toEqual([
        [true, '2009-10-01', '2019-07-03'],
        [false, '2019-07-03', null]
      ]);
    }
    for (const offre of ['surpeuplement', 'enfant_malade_handicap', 'fiche_intervention']) {
      expect(base(offre).map(([socle]) => socle)).toEqual([false]);
    }
  });

  it('has the windows of seed 001, in months', () => {
    const windows = Object.fromEntries(reference.offres.map(({ offre, fenetre_mois }) => [offre, fenetre_mois]));
    expect(windows).toEqual({
      separation: 24,
      deces_parent: 24,
      deces_enfant: 6,
      impaye_loyer: 12,
      non_decence: 12,
      enfant_malade_handicap: 12,
      parents_seuls: null,
      rsa_majore: null,
      surpeuplement: null,
      fiche_intervention: null
    });
  });

  it('has three sites and thirteen permanences with their half-days', () => {
    expect(reference.sites.map(({ code }) => code)).toEqual(['creteil', 'orly', 'champigny']);
    const permanences = reference.lieux.filter(({ genre }) => genre === 'permanence');
    expect(Object.fromEntries(permanences.map((lieu) => [lieu.commune, lieu.demi_journees_semaine]))).toEqual({
      '94081': 6, // Vitry: 3 days
      '94074': 2, // Valenton: 1 day
      '94076': 2, // Villejuif: 1 day
      '94038': 2, // L'Haÿ-les-Roses: two half-days
      '94004': 2, // Boissy-Saint-Léger: 1 day
      '94002': 2, // Alfortville: two half-days
      '94048': 1, // Marolles-en-Brie
      '94047': 1, // Mandres-les-Roses
      '94043': 1, // Le Kremlin-Bicêtre
      '94021': 1, // Chevilly-Larue
      '94041': 2, // Ivry: 1 day
      '94078': 2, // Villeneuve-Saint-Georges: 1 day
      '94071': 1 // Sucy-en-Brie
    });
    expect(permanences).toHaveLength(13);
    const territoireOf = new Map(reference.sectorisation.map(({ commune, territoire }) => [commune, territoire]));
    for (const lieu of reference.lieux) expect(lieu.territoire, lieu.lieu).toBe(territoireOf.get(lieu.commune));
    const nameOf = new Map(reference.communes.map(({ code, nom }) => [code, nom]));
    expect(nameOf.get('94041')).toBe('Ivry-sur-Seine');
    expect(nameOf.get('94078')).toBe('Villeneuve-Saint-Georges');
  });

  it('has every target of the commitments, in the unit of its indicator', () => {
    const targets = reference.objectifs.map((o) => [o.indicateur, o.comparateur, o.valeur]);
    expect(targets).toEqual([
      ['part_socle', 'min', 0.8],
      ['part_accompagnement_heures', 'min', 0.65],
      ['part_temps_individuel', 'egal', 0.65],
      ['part_temps_collectif', 'egal', 0.2],
      ['part_temps_institutionnel', 'egal', 0.15],
      ['familles_recues_par_etp', 'min', 95],
      ['ic_par_etp', 'egal', 65],
      ['as_par_etp', 'egal', 30],
      ['rdv_par_ic', 'egal', 2],
      ['rdv_mensuels_par_as', 'egal', 2],
      ['duree_as', 'egal', 6],
      ['duree_rdv', 'egal', 45],
      ['temps_global_rdv', 'egal', 120],
      ['part_presentiel', 'min', 0.7],
      ['part_distance', 'max', 0.3],
      ['as_avec_vad', 'min', 1],
      ['ts_objectif_collectif', 'min', 1]
    ]);
    for (const objectif of reference.objectifs) {
      expect(objectif).toMatchObject({ valable_du: '2021-01-01', valable_au: null, territoire: null, tolerance: null });
      expect(objectif.source).toMatch(/^Projet de service 2021, § .*reconduit/);
    }
  });

  it('cites a known document, or says it is a hypothesis, in every source', () => {
    const cited = new RegExp([...reference.caf.sources.map(({ id }) => id), 'hypothèse'].join('|'), 'i');
    const { offres, territoires, lieux, sectorisation, objectifs } = reference;
    for (const { source } of [...offres, ...territoires, ...lieux, ...sectorisation, ...objectifs]) {
      expect(source).toMatch(cited);
    }
  });

  it('has the closed lists of the contract, with the words of real files', () => {
    const codes = Object.fromEntries(
      Object.entries(reference.vocabulaires).map(([name, entries]) => [name, entries.map(({ code }) => code)])
    );
    expect(Object.keys(codes).sort()).toEqual([...VOCABULARIES, ...AXIS_VOCABULARIES].sort());
    expect(codes).toMatchObject({
      metiers: ['AS', 'CESF', 'mediateur', 'psychologue', 'technicien'],
      services: ['sisic', 'mediation', 'psychologues', 'safi'],
      canaux: ['requete', 'agent_caf', 'partenaire', 'famille', 'formulaire'],
      modes_contact: ['courrier', 'courriel', 'telephone', 'sms'],
      natures_contact: ['mise_a_disposition', 'proposition_rdv', 'relance'],
      resultats_contact: ['en_attente', 'sans_reponse', 'refus', 'deja_accompagne', 'oriente', 'rdv_pris'],
      natures: ['information_conseil', 'accompagnement', 'rendez_vous_des_droits'],
      modalites: ['presentiel', 'visite_domicile', 'telephone', 'visio'],
      statuts: ['honore', 'absent', 'annule_famille', 'annule_service', 'prevu'],
      natures_collectives: ['information_collective', 'action_groupe'],
      categories_temps: ['individuel', 'collectif', 'institutionnel'],
      missions: ['parentalite', 'logement', 'insertion']
    });
    const visite = reference.vocabulaires.modalites.find(({ code }) => code === 'visite_domicile')!;
    expect([visite.libelle, ...visite.synonymes]).toEqual(expect.arrayContaining(['Visite à domicile', 'VAD']));
    expect(reference.types_evenement.map(({ code, offre }) => code === offre)).toEqual(Array(10).fill(true));
  });

  it('gives a label to each code of an axis', () => {
    const all = labels(reference);
    expect(labelOf(all, 'socle', 'local')).toBe('offre locale');
    expect(labelOf(all, 'territoire', 'champigny')).toBe('Champigny-sur-Marne');
    expect(labelOf(all, 'lieu', 'eds_vitry')).toBe('EDS de Vitry-sur-Seine');
    expect(labelOf(all, 'nature', 'action_groupe')).toBe('Action de groupe');
    expect(labelOf(all, 'commune', '94028')).toBe('Créteil');
    expect(labelOf(all, 'offre', null)).toBe('non renseigné');
    expect(labelOf(all, 'offre', 'non_renseigne')).toBe('non renseigné');
    expect(labelOf(all, 'agent', 'A01')).toBe('A01');
    const renamed = { ...reference.offres[5]!, libelle: 'Ancien nom', valable_du: '2000-01-01' };
    const later = labels({ ...reference, offres: [...reference.offres, renamed] });
    expect(labelOf(later, 'offre', 'non_decence')).toBe('Non-décence du logement');
  });

  it('is described file by file in data/README.md', () => {
    const folder = join(config.root, 'data');
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'README.md')
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !readme.includes(`| \`${file}\` |`))).toEqual([]);
  });
});
