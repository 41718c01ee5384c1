import fc from 'fast-check';
import { addDays, type IsoDate, type Period } from '#lib/domain/period.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { WRITTEN_OUTCOMES } from '../support/oracle-parcours.ts';
import { completeRows, reference, type GivenRows, type Rows } from '../support/warehouse.ts';

/** The real reference, made hard: an offer, a commune, a site and a place that change, a territoire that did not always exist. */
export const movingReference: Reference = {
  ...reference,
  offres: reference.offres.flatMap((row) => {
    if (row.offre === 'non_decence') return [{ ...row, delai_contact_jours: 10 }];
    if (row.offre !== 'separation') return [row];
    return [
      { ...row, fenetre_mois: 3, valable_au: '2024-12-31' },
      { ...row, fenetre_mois: 1, delai_contact_jours: 0, valable_du: '2024-12-31' }
    ];
  }),
  sectorisation: reference.sectorisation.flatMap((row) =>
    row.commune === '94028'
      ? [
          { ...row, valable_au: '2025-01-01' },
          { ...row, territoire: 'orly', valable_du: '2025-01-01' }
        ]
      : [row]
  ),
  territoires: reference.territoires.flatMap((row) => {
    if (row.territoire === 'creteil') return [{ ...row, valable_du: '2024-03-01' }];
    if (row.territoire !== 'orly') return [row];
    return [
      { ...row, valable_au: '2024-12-31' },
      { ...row, site: 'champigny', valable_du: '2024-12-31' }
    ];
  }),
  publics: reference.publics.flatMap((row) =>
    row.offre === 'parents_seuls'
      ? [
          { ...row, valable_au: '2025-01-15' },
          { ...row, variable: 'allocataires', valable_du: '2025-01-15' }
        ]
      : [row]
  ),
  contexte: reference.contexte.filter(({ zone }) => zone === '94028' || zone === '94054'),
  lieux: reference.lieux.flatMap((row) =>
    row.lieu === 'eds_vitry'
      ? [
          { ...row, valable_au: '2025-02-15' },
          { ...row, demi_journees_semaine: 3, valable_du: '2025-02-15' }
        ]
      : [row]
  )
};

export const WHOLE_MONTHS: Period[] = [
  { du: '2019-07-01', au: '2019-08-01' },
  { du: '2024-02-01', au: '2024-03-01' },
  { du: '2024-12-01', au: '2025-01-01' },
  { du: '2024-10-01', au: '2025-01-01' },
  { du: '2025-01-01', au: '2025-04-01' },
  { du: '2025-04-01', au: '2025-07-01' },
  { du: '2024-01-01', au: '2025-01-01' },
  { du: '2024-04-01', au: '2025-04-01' },
  { du: '2025-01-01', au: '2026-01-01' }
];
export const ODD_DATES: Period[] = [
  { du: '2024-02-29', au: '2025-03-01' },
  { du: '2024-12-31', au: '2025-01-02' },
  { du: '2025-01-15', au: '2025-03-02' },
  { du: '2024-02-10', au: '2024-02-20' }
];

/** Bounds of the periods, their eves, and the days on which the reference changes. */
const BOUNDARIES = [
  ...new Set([
    ...[...WHOLE_MONTHS, ...ODD_DATES].flatMap(({ du, au }) => [du, addDays(du, -1), au, addDays(au, -1)]),
    '2019-07-02',
    '2019-07-03',
    '2024-12-30',
    '2025-02-14',
    '2025-02-15'
  ])
].filter((day) => day < '2026-01-01');

const boundary = fc.constantFrom(...BOUNDARIES);
const anyDay = fc.integer({ min: 0, max: 560 }).map((days) => addDays('2024-01-01', days));
const day = fc.oneof({ weight: 2, arbitrary: boundary }, { weight: 1, arbitrary: anyDay });

type Dated = { date_debut: IsoDate; date_fin: IsoDate | null };
/** A start with an end on that day, some days later, at a boundary after it, or none. */
const span: fc.Arbitrary<Dated> = fc
  .tuple(day, fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 200 }), boundary))
  .map(([date_debut, end]) => {
    if (end === null) return { date_debut, date_fin: null };
    const date_fin = typeof end === 'number' ? addDays(date_debut, end) : end;
    return { date_debut, date_fin: date_fin < date_debut ? null : date_fin };
  });

const from = fc.constantFrom;
const numbered = (prefix: string, count: number) => from(...Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`));
const agent = numbered('A', 5);
const territoire = from('creteil', 'orly', 'champigny');
const commune = from('94028', '94028', '94054', '94017', '75056');

const agents = fc.tuple(
  fc.record({
    agent: numbered('A', 4),
    metier: from('AS', 'AS', 'CESF', 'technicien', 'psychologue'),
    territoire,
    site: from(null, null, 'creteil'),
    etp: from(0, 0.5, 0.8, 1)
  }),
  span
);
const interventions = fc.tuple(
  fc.record({
    famille: numbered('F', 4),
    evenement: fc.option(numbered('E', 9)),
    offre: from('separation', 'non_decence', 'parents_seuls', 'surpeuplement'),
    nature: from('information_conseil', 'accompagnement', 'accompagnement', 'rendez_vous_des_droits'),
    date_contrat: from(null, '2024-03-01', '2025-02-01'),
    vad_refusee: from(null, true, false),
    issue: from(null, ...Object.keys(WRITTEN_OUTCOMES)),
    agent,
    commune,
    territoire: fc.option(territoire)
  }),
  span
);
const rendez_vous = fc.record({
  intervention: numbered('I', 14),
  agent,
  date: day,
  modalite: from('presentiel', 'visite_domicile', 'telephone', 'visio'),
  lieu: from(null, 'creteil', 'eds_vitry', 'ram_alfortville'),
  statut: from('honore', 'honore', 'honore', 'absent', 'annule_famille', 'annule_service', 'prevu'),
  duree_minutes: from(null, 0, 30, 45),
  temps_global_minutes: from(null, 0, 60, 150)
});
const evenements = fc
  .record({
    famille: numbered('F', 4),
    type_evenement: from('separation', 'non_decence', 'parents_seuls'),
    date_detection: day,
    avant: from(0, 0, 1, 31, 92, 200),
    canal: from('requete', 'partenaire', 'famille'),
    commune,
    territoire: fc.option(territoire)
  })
  .map(({ avant, ...row }) => ({ ...row, date_evenement: addDays(row.date_detection, -avant) }));
const contacts = fc.record({
  evenement: numbered('E', 9),
  date_contact: day,
  resultat: from('en_attente', 'sans_reponse', 'refus', 'deja_accompagne', 'oriente', 'rdv_pris')
});
const seances_collectives = fc.record({
  action: numbered('X', 3),
  nature: from('information_collective', 'action_groupe'),
  offre: from('parents_seuls', 'separation', 'non_decence'),
  territoire,
  commune: fc.option(commune),
  date: from(...BOUNDARIES.filter((bound) => bound > '2024-02')),
  inscrits: from(null, 0, 4, 12),
  presents: from(0, 3, 12),
  agents: fc.uniqueArray(numbered('A', 4), { minLength: 1 })
});
const temps = fc.record({
  agent,
  mois: from('2024-02-01', '2024-12-01', '2025-01-01', '2025-02-01', '2025-04-01'),
  categorie: from('individuel', 'collectif', 'institutionnel'),
  detail: from(null, 'a'),
  heures: from(0, 7.5, 10, 33.25)
});

const absences = fc
  .record({ agent, date_debut: day, jours: from(0, 3, 6, 20) })
  .map(({ jours, ...row }) => ({ ...row, date_fin: addDays(row.date_debut, jours) }));

/** Vintages of a few variables: some hidden, one of a commune since merged into Créteil, some of another department. */
const contexte = fc.record({
  zone: from('94028', '94028', '94054', '94199', '75056'),
  variable: from('allocataires', 'allocataires', 'monoparents', 'monoparents', 'bas_revenus', 'allocataires_ressources'),
  periode: from('2023-12-31', '2023-12-31', '2024-12-31', '2025-01-15'),
  valeur: from(null, 5, 40, 1000, 1000),
  source: from('Caf', 'Insee')
});
const MERGED = { commune: '94199', vers: '94028', date_effet: '2024-07-01' };

const several = <T>(rows: fc.Arbitrary<T>, maxLength: number) => fc.array(rows, { minLength: 2, maxLength, size: 'max' });
const merged = <A extends object>(pairs: fc.Arbitrary<[A, Dated]>) => pairs.map(([row, dates]) => ({ ...row, ...dates }));

/** A worker shared between two territoires from the same day: affectations that do not end each other. */
const shared = fc.tuple(merged(agents), from('creteil', 'orly'), from(0.2, 0.5, 1)).map(([row, other, etp]) => {
  const first = { ...row, territoire: 'champigny' };
  return [first, { ...first, territoire: other, etp }];
});
const affectations = fc
  .array(fc.oneof({ weight: 3, arbitrary: merged(agents).map((row) => [row]) }, { weight: 1, arbitrary: shared }), {
    maxLength: 7,
    size: 'max'
  })
  .map((groups) => {
    const rows = groups.flat();
    return [...new Map(rows.map((row) => [`${row.agent} ${row.territoire} ${row.date_debut}`, row])).values()];
  });

/** Few families, few workers, many rows that meet on the same days. */
export const generatedRows: fc.Arbitrary<Rows> = fc
  .record({
    agents: affectations,
    absences: fc.uniqueArray(absences, { maxLength: 8, selector: (row) => `${row.agent} ${row.date_debut}` }),
    interventions: several(merged(interventions), 12),
    rendez_vous: several(rendez_vous, 40),
    evenements: several(evenements, 8),
    contacts: several(contacts, 12),
    seances_collectives: several(seances_collectives, 14),
    temps: fc.uniqueArray(temps, {
      maxLength: 16,
      size: 'max',
      selector: (row) => `${row.agent} ${row.mois} ${row.categorie} ${row.detail}`
    }),
    contexte: fc.uniqueArray(contexte, {
      minLength: 8,
      maxLength: 24,
      size: 'max',
      selector: (row) => `${row.zone} ${row.variable} ${row.periode} ${row.source}`
    }),
    geographie: from([], [MERGED])
  })
  .map((given) => completeRows(given as unknown as GivenRows));
