import { appendFileSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { dataCopy, type SpoiltCase } from '../support/data-copy.ts';

const { path, change, expectTold } = dataCopy();
const OFFRES = 'caf/94/offres.csv';
const LIEUX = 'caf/94/lieux.csv';
const OBJECTIFS = 'caf/94/objectifs.csv';
const RUPTURES = 'caf/94/ruptures.csv';
const SECTORISATION = 'caf/94/sectorisation.csv';

const CASES: SpoiltCase[] = [
  {
    name: 'an event type whose offer does not exist',
    break: () => change('vocabulary/types_evenement.csv', 'déclarée,separation', 'déclarée,separations'),
    told: "- data/vocabulary/types_evenement.csv, ligne 2, champ « offre » : « separations » n'existe pas dans data/caf/94/offres.csv."
  },
  {
    name: 'a commune given to an unknown territory',
    break: () => change(SECTORISATION, '94001,orly', '94001,athis'),
    told: "- data/caf/94/sectorisation.csv, ligne 2, champ « territoire » : « athis » n'existe pas dans data/caf/94/territoires.csv."
  },
  {
    name: 'a place in an unknown territory',
    break: () => change(LIEUX, '94081,orly', '94081,vitry'),
    told: "- data/caf/94/lieux.csv, ligne 5, champ « territoire » : « vitry » n'existe pas"
  },
  {
    name: 'a place in an unknown commune',
    break: () => change(LIEUX, '94081,orly', '94099,orly'),
    told: "- data/caf/94/lieux.csv, ligne 5, champ « commune » : « 94099 » n'existe pas dans data/communes/94.csv."
  },
  {
    name: 'a sectorised commune that does not exist',
    break: () => appendFileSync(path(SECTORISATION), '91027,orly,2016-01-01,,Hypothèse\n'),
    told: "- data/caf/94/sectorisation.csv, ligne 49, champ « commune » : « 91027 » n'existe pas dans data/communes/94.csv."
  },
  {
    name: 'a territory that ends with communes still in it',
    break: () =>
      change('caf/94/territoires.csv', 'orly,Orly,orly,2016-01-01,,', 'orly,Orly,orly,2016-01-01,2026-07-01,'),
    told: "- data/caf/94/territoires.csv, ligne 3, champ « valable_au » : « orly » prend fin le 2026-07-01 et garde des communes (18 : 94001, 94003, 94016 …). Rattachez-les d'abord à un autre territoire à cette date."
  },
  {
    name: 'an offer of an unknown mission',
    break: () =>
      change(
        OFFRES,
        'surpeuplement,Surpeuplement du logement,logement',
        'surpeuplement,Surpeuplement du logement,habitat'
      ),
    told: "- data/caf/94/offres.csv, ligne 11, champ « mission » : « habitat » n'existe pas dans data/vocabulary/missions.csv."
  },
  {
    name: 'a territory whose site is a mere permanence',
    break: () => change('caf/94/territoires.csv', 'orly,Orly,orly', 'orly,Orly,eds_ivry'),
    told: "- data/caf/94/territoires.csv, ligne 3, champ « site » : « eds_ivry » n'existe pas dans data/caf/94/lieux.csv."
  },
  {
    name: 'a target for an unknown territory',
    break: () => change(OBJECTIFS, 'part_socle,2021-01-01,,,min', 'part_socle,2021-01-01,,vitry,min'),
    told: "- data/caf/94/objectifs.csv, ligne 2, champ « territoire » : « vitry » n'existe pas"
  },
  {
    name: 'a break for an unknown offer',
    break: () => appendFileSync(path(RUPTURES), 'taux_contact,separations,,2025-01-01,appels sortants,Essai\n'),
    told: "- data/caf/94/ruptures.csv, ligne 2, champ « offre » : « separations » n'existe pas dans data/caf/94/offres.csv."
  },
  {
    name: 'a break for an unknown territory',
    break: () => appendFileSync(path(RUPTURES), 'taux_contact,,vitry,2025-01-01,appels sortants,Essai\n'),
    told: "- data/caf/94/ruptures.csv, ligne 2, champ « territoire » : « vitry » n'existe pas dans data/caf/94/territoires.csv."
  },
  {
    name: 'a break without a reason',
    break: () => appendFileSync(path(RUPTURES), 'taux_contact,,,2025-01-01,,Essai\n'),
    told: '- data/caf/94/ruptures.csv, ligne 2, champ « motif » : la valeur manque.'
  },
  {
    name: 'an end before the start',
    break: () => change(OBJECTIFS, 'part_socle,2021-01-01,,', 'part_socle,2021-01-01,2021-01-01,'),
    told: '- data/caf/94/objectifs.csv, ligne 2, champ « valable_au » : « 2021-01-01 » : la fin doit venir après « valable_du »'
  },
  {
    name: 'two rows of the same offer that overlap by a day',
    break: () => change(OFFRES, 'oui,2009-10-01,2019-07-03,12', 'oui,2009-10-01,2019-07-04,12'),
    told: '- data/caf/94/offres.csv, ligne 8, champ « valable_du » : « non_decence » vaut déjà à cette date par la ligne 7.'
  },
  {
    name: 'a commune sectorised twice at a date',
    break: () => appendFileSync(path(SECTORISATION), '94001,creteil,2024-01-01,,Hypothèse\n'),
    told: '- data/caf/94/sectorisation.csv, ligne 49, champ « valable_du » : « 94001 » vaut déjà à cette date par la ligne 2.'
  },
  {
    name: 'a commune without any territory',
    break: () => change(SECTORISATION, readFileSync(path(SECTORISATION), 'utf8').split('\n')[1]! + '\n', ''),
    told: "- data/caf/94/sectorisation.csv, champ « commune » : la commune 94001 (Ablon-sur-Seine) n'a aucun territoire."
  },
  {
    name: 'two targets for the same indicator at once',
    break: () => appendFileSync(path(OBJECTIFS), 'part_socle,2025-01-01,,,min,0.85,,,COG 2023-2027\n'),
    told: '- data/caf/94/objectifs.csv, ligne 19, champ « valable_du » : « part_socle » vaut déjà à cette date par la ligne 2.'
  },
  {
    name: 'a range without its upper bound',
    break: () => change(OBJECTIFS, 'duree_as,2021-01-01,,,egal,6', 'duree_as,2021-01-01,,,plage,6'),
    told: '- data/caf/94/objectifs.csv, ligne 12, champ « valeur_max » : une plage va de « valeur » à « valeur_max »'
  },
  {
    name: 'an upper bound outside a range',
    break: () => change(OBJECTIFS, 'duree_as,2021-01-01,,,egal,6,', 'duree_as,2021-01-01,,,egal,6,8'),
    told: '- data/caf/94/objectifs.csv, ligne 12, champ « valeur_max » : « 8 » : seule une plage a une valeur_max.'
  },
  {
    name: 'a code written twice',
    break: () => appendFileSync(path('vocabulary/missions.csv'), 'logement,Autre logement,\n'),
    told: '- data/vocabulary/missions.csv, ligne 5, champ « code » : « logement » figure déjà à la ligne 3.'
  },
  {
    name: 'a synonym that stands for two codes',
    break: () => change('vocabulary/modalites.csv', 'Tél\n', 'Tél|vad\n'),
    told: '- data/vocabulary/modalites.csv, ligne 4, champ « synonymes » : « vad » désigne déjà « visite_domicile ».'
  },
  {
    name: 'a commune of another department',
    break: () => change('communes/94.csv', '94001,Ablon-sur-Seine,94', '94001,Ablon-sur-Seine,91'),
    told: "- data/communes/94.csv, ligne 2, champ « departement » : « 91 » n'est pas le département du fichier."
  }
];

describe('a disagreement between rows or files of the reference data', () => {
  it.each(CASES)('$name is told with its file, line and field', (spoilt) => expectTold(spoilt));
});
