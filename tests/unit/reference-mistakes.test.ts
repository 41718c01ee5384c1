import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '#lib/server/config.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { dataCopy, type SpoiltCase } from '../support/data-copy.ts';

const { path, load, change, mistakes, expectTold } = dataCopy();
const OFFRES = 'caf/94/offres.csv';
const LIEUX = 'caf/94/lieux.csv';
const OBJECTIFS = 'caf/94/objectifs.csv';
const SECTORISATION = 'caf/94/sectorisation.csv';

const CASES: SpoiltCase[] = [
  {
    name: 'a value that is neither yes nor no',
    break: () => change(OFFRES, 'parentalite,oui,2009-10-01,,24,,Offre', 'parentalite,peut-être,2009-10-01,,24,,Offre'),
    told: '- data/caf/94/offres.csv, ligne 2, champ « socle » : « peut-être » : écrivez « oui » ou « non ».'
  },
  {
    name: 'a day that does not exist',
    break: () => change(OFFRES, 'insertion,oui,2021-01-01', 'insertion,oui,2021-02-30'),
    told: '- data/caf/94/offres.csv, ligne 6, champ « valable_du » : « 2021-02-30 » : une date AAAA-MM-JJ qui existe est attendue'
  },
  {
    name: 'an empty required cell',
    break: () => change('vocabulary/statuts.csv', 'honore,Honoré,', 'honore,,'),
    told: '- data/vocabulary/statuts.csv, ligne 2, champ « libelle » : la valeur manque. Renseignez-la.'
  },
  {
    name: 'a decimal comma',
    break: () => change(OBJECTIFS, 'min,0.80', 'min,"0,80"'),
    told: '- data/caf/94/objectifs.csv, ligne 2, champ « valeur » : « 0,80 » : un nombre positif ou nul est attendu'
  },
  {
    name: 'a row with a value too many',
    break: () => change('vocabulary/missions.csv', 'logement,Logement,', 'logement,Logement,x,'),
    told: '- data/vocabulary/missions.csv, ligne 3 : 4 valeurs pour 3 colonnes.'
  },
  {
    name: 'a quote left open',
    break: () => change(SECTORISATION, '"Hypothèse', '"Hypo"thèse'),
    told: '- data/caf/94/sectorisation.csv, ligne 2 : un guillemet droit est mal placé'
  },
  {
    name: 'an unknown column',
    break: () => {
      const text = readFileSync(path('vocabulary/missions.csv'), 'utf8').trimEnd().replaceAll('\n', ',\n');
      writeFileSync(path('vocabulary/missions.csv'), `${text},\n`.replace('synonymes,', 'synonymes,couleur'));
    },
    told: '- data/vocabulary/missions.csv, ligne 1, champ « couleur » : colonne inconnue.'
  },
  {
    name: 'a missing column',
    break: () => change('vocabulary/missions.csv', 'code,libelle,synonymes', 'code,libelle,synonyme'),
    told: '- data/vocabulary/missions.csv, ligne 1, champ « synonymes » : la colonne manque.',
    also: '- data/vocabulary/missions.csv, ligne 1, champ « synonyme » : colonne inconnue.'
  },
  {
    name: 'a missing file',
    break: () => rmSync(path(LIEUX)),
    told: '- data/caf/94/lieux.csv : le fichier manque ou ne peut pas être lu.'
  },
  {
    name: 'an empty file',
    break: () => writeFileSync(path('vocabulary/canaux.csv'), ''),
    told: '- data/vocabulary/canaux.csv : le fichier est vide.'
  },
  {
    name: 'a file in another encoding',
    break: () => writeFileSync(path(LIEUX), Buffer.from(readFileSync(path(LIEUX), 'utf8'), 'latin1')),
    told: "- data/caf/94/lieux.csv : le fichier n'est pas en UTF-8."
  },
  {
    name: 'a Caf in the folder of another',
    break: () => change('caf/94/caf.yaml', 'code: "94"', 'code: "59"'),
    told: '- data/caf/94/caf.yaml, champ « code » : « 59 » ne correspond pas au dossier.'
  },
  {
    name: 'an unknown key in caf.yaml',
    break: () => change('caf/94/caf.yaml', 'nom: Caf', 'couleur: bleu\nnom: Caf'),
    told: '- data/caf/94/caf.yaml, ligne 3, champ « couleur » : clé inconnue.'
  },
  {
    name: 'a wrong value in caf.yaml',
    break: () => change('caf/94/caf.yaml', 'seuil_diffusion: 5', 'seuil_diffusion: cinq'),
    told: '- data/caf/94/caf.yaml, ligne 8, champ « seuil_diffusion » : un nombre entier est attendu.'
  },
  {
    name: 'an empty caf.yaml',
    break: () => writeFileSync(path('caf/94/caf.yaml'), ''),
    told: '- data/caf/94/caf.yaml : les clés attendues sont code, nom,'
  },
  {
    name: 'a source without its title',
    break: () => change('caf/94/caf.yaml', '    titre: Projet', '    titre_long: Projet'),
    told: '- data/caf/94/caf.yaml, ligne 18, champ « sources.0.titre » : la clé manque.',
    also: '- data/caf/94/caf.yaml, ligne 19, champ « sources.0.titre_long » : clé inconnue.'
  },
  {
    name: 'a key written twice in caf.yaml',
    break: () => change('caf/94/caf.yaml', 'nom: Caf', 'code: "94"\nnom: Caf'),
    told: '- data/caf/94/caf.yaml, ligne 3 : la syntaxe YAML est incorrecte.'
  }
];

describe('a mistake in the reference data', () => {
  it.each(CASES)('$name is told with its file, line and field', (spoilt) => expectTold(spoilt));

  it('is told once: a wrong row is not also said to be missing', () => {
    change(OFFRES, 'parentalite,oui,2009-10-01,,24,,Offre', 'parentalite,peut-être,2009-10-01,,24,,Offre');
    expect(mistakes()).toHaveLength(1);
    rmSync(path(OFFRES));
    expect(mistakes()).toHaveLength(1);
  });

  it('is told with all the others, in the order of files and lines, twenty at most', () => {
    change(LIEUX, '94081,orly', '94081,vitry');
    change('vocabulary/missions.csv', 'logement,Logement', 'logement,');
    expect(mistakes().map((line) => line.split(',')[0])).toEqual([
      '- data/caf/94/lieux.csv',
      '- data/vocabulary/missions.csv'
    ]);
    for (let code = 0; code < 22; code++)
      appendFileSync(path(SECTORISATION), `910${code + 10},orly,2016-01-01,,Essai\n`);
    const lines = mistakes();
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('- … et 4 autres erreurs.');
  });

  it('has several fields of one row told apart', () => {
    change(OFFRES, 'surpeuplement,Surpeuplement du logement,logement,non', 'surpeuplement,,logement,jamais');
    expect(mistakes()).toEqual([
      '- data/caf/94/offres.csv, ligne 11, champ « libelle » : la valeur manque. Renseignez-la.',
      '- data/caf/94/offres.csv, ligne 11, champ « socle » : « jamais » : écrivez « oui » ou « non ».'
    ]);
  });
});

describe('the fingerprint of the reference data', () => {
  const fingerprint = () => load().empreinte;

  it('is the same for the same files, wherever they are', () => {
    expect(fingerprint()).toBe(loadReference(readConfig({})).empreinte);
    expect(fingerprint()).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with a single byte of a file that is read, and only with those', () => {
    const before = fingerprint();
    appendFileSync(path('README.md'), 'x');
    expect(fingerprint()).toBe(before);
    change(OBJECTIFS, 'min,0.80', 'min,0.81');
    expect(fingerprint()).not.toBe(before);
  });
});
