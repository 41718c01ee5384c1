import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VOCABULARIES, type CodeList } from '#lib/domain/extracts.ts';
import { readConfig } from '#lib/server/config.ts';
import { codeEntries, form } from '#lib/server/extracts/code-lists.ts';
import { proposeValues } from '#lib/server/extracts/profiles/propose-values.ts';
import { loadReference } from '#lib/server/reference/load-reference.ts';
import { RUNS_FACTOR } from '../support/nightly.ts';
import { agendaSocialFile, unknownFile } from '../support/profile-files.ts';

const reference = loadReference(readConfig({}));
const LISTS: CodeList[] = [...VOCABULARIES, 'offres', 'territoires', 'sites', 'lieux'];
const proposed = (list: CodeList, text: string) => proposeValues(codeEntries(reference, list), [text]).get(text);
const known = LISTS.flatMap((list) =>
  codeEntries(reference, list).flatMap(({ code, libelle, synonymes }) =>
    [code, libelle, ...synonymes].map((name) => ({ list, code, name }))
  )
);
/** Columns of a file, each with its texts once. */
const textsOf = (file: string[], header: string) => {
  const [names, ...rows] = file.map((line) => line.split(';'));
  return [...new Set(rows.map((row) => row[names!.indexOf(header)]!))];
};

describe('the code proposed for a text', () => {
  it.each([
    ['modalites', 'Entretien physique', 'presentiel'],
    ['modalites', 'RDV au bureau', 'presentiel'],
    ['modalites', 'Visite au domicile', 'visite_domicile'],
    ['modalites', 'À domicile', 'visite_domicile'],
    ['modalites', 'Appel téléphonique', 'telephone'],
    ['modalites', 'Appel', 'telephone'],
    ['modalites', 'Par téléphone', 'telephone'],
    ['modalites', 'Rdv tél.', 'telephone'],
    ['modalites', 'En visioconférence', 'visio'],
    ['statuts', 'RDV honoré par la famille', 'honore'],
    ['statuts', 'Rendez-vous honorés', 'honore'],
    ['statuts', 'Fait', 'honore'],
    ['statuts', 'Effectuée', 'honore'],
    ['statuts', 'Pas venu', 'absent'],
    ['statuts', 'Famille non venue', 'absent'],
    ['statuts', 'Ne s’est pas présentée', 'absent'],
    ['statuts', 'Pas honoré', 'absent'],
    ['statuts', 'RDV non honoré par l’usager', 'absent'],
    ['statuts', "Annulé par l'usager", 'annule_famille'],
    ['statuts', 'Annulation par le TS', 'annule_service'],
    ['statuts', 'RDV planifié', 'prevu'],
    ['resultats_contact', 'Aucune réponse', 'sans_reponse'],
    ['resultats_contact', 'Refus de l’allocataire', 'refus'],
    ['natures', 'Accompagnement socail', null],
    ['natures', 'Accompagnements', 'accompagnement'],
    ['natures', 'Acompagnement', 'accompagnement'],
    ['offres', 'Impayés de loyers', 'impaye_loyer'],
    ['offres', 'Décès d’enfant', 'deces_enfant'],
    ['offres', 'Non-décence', 'non_decence'],
    ['metiers', 'Conseillère en économie sociale familiale', 'CESF']
  ] as const)('%s: « %s » is %s', (list, text, code) => {
    expect(proposed(list, text)).toBe(code);
  });

  it.each([
    ...[
      'Annulé',
      'Absence du TS',
      'Absent excusé',
      'Reporté',
      'Non fait',
      'Non effectué',
      'Non prévu',
      'Imprévu',
      'RDV',
      'Entretien',
      'Famille'
    ].map((text) => ['statuts', text] as const),
    ...['Annulé par la famille et le service', 'Honoré ou absent', 'Présent puis absent', 'Honoré en retard'].map(
      (text) => ['statuts', text] as const
    ),
    ...['Contact', 'Non physique', 'Téléphone ou visio', 'Visite', 'Mixte', 'Pas de visite à domicile'].map(
      (text) => ['modalites', text] as const
    ),
    ...['Logement décent', 'Sans impayé de loyer', 'Décès'].map((text) => ['offres', text] as const),
    ...['Réponse', 'Refus ou orientation'].map((text) => ['resultats_contact', text] as const)
  ])('%s: « %s » has none', (list, text) => {
    expect(proposed(list, text)).toBeNull();
  });

  it.each(LISTS)('%s: what says nothing has none', (list) => {
    for (const text of [
      'Divers',
      'Autre',
      'Autres',
      'Inconnu',
      'À préciser',
      'Non',
      'Oui',
      'X',
      '?',
      '',
      '01',
      '12',
      '2025',
      'AUTRE MOTIF'
    ]) {
      expect(proposed(list, text), text).toBeNull();
    }
  });

  it('is the known one for every code, label and synonym, whatever the case and the accents', () => {
    const ways = [
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
      (text: string) => ` ${text}. `
    ];
    for (const { list, code, name } of known)
      for (const way of ways) expect(proposed(list, way(name)), `${list} : ${name}`).toBe(code);
  });

  it('is never that of a text it denies', () => {
    for (const { list, code, name } of known) {
      for (const denied of [`Non ${name}`, `Pas ${name}`, `${name} : non`, `Jamais ${name}`, `Sans ${name}`]) {
        const same = known.some((each) => each.list === list && each.code === code && form(each.name) === form(denied));
        const doubled = /\b(non|pas|sans)\b/.test(form(name));
        if (!same && !doubled) expect(proposed(list, denied), `${list} : ${denied}`).not.toBe(code);
      }
    }
  });

  it('is there for each text, alone or among others', () => {
    const texts = fc.array(
      fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(...known.map(({ name }) => name), 'Pas venu', 'Divers')),
      { maxLength: 12 }
    );
    fc.assert(
      fc.property(fc.constantFrom(...LISTS), texts, (list, values) => {
        const entries = codeEntries(reference, list);
        const together = proposeValues(entries, values);
        expect([...together.keys()].sort()).toEqual([...new Set(values)].sort());
        for (const [value, code] of together) {
          expect(proposed(list, value)).toBe(code);
          if (code !== null) expect(entries.map((entry) => entry.code)).toContain(code);
        }
      }),
      { numRuns: 100 * RUNS_FACTOR }
    );
  });

  it('is right for a file that no profile knows, and absent rather than wrong for the agenda', () => {
    const unknown = unknownFile(30);
    expect(textsOf(unknown, "Type d'entretien").map((text) => proposed('modalites', text))).toEqual([
      'presentiel',
      'telephone',
      'visite_domicile',
      'visio'
    ]);
    expect(textsOf(unknown, "Issue de l'entretien").map((text) => proposed('statuts', text))).toEqual([
      'honore',
      'absent'
    ]);
    const agenda = agendaSocialFile(30);
    expect(textsOf(agenda, 'Mode d’entretien').map((text) => proposed('modalites', text))).toEqual([
      null,
      null,
      null,
      null
    ]);
    expect(textsOf(agenda, 'Suite donnée au rendez-vous').map((text) => proposed('statuts', text))).toEqual([
      'honore',
      'absent',
      null,
      null
    ]);
  });
});
