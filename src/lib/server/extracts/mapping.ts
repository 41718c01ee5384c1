import { bareName } from '#lib/domain/bare-name.ts';
import { Refused } from '#lib/domain/bad-request.ts';
import { EXTRACTS, EXTRACT_TYPES, isContext, type ExtractType, type LotType } from '#lib/domain/extracts.ts';
import type { ImportProfile } from '#lib/domain/import-profile.ts';
import { looksIdentifying } from '#lib/server/extracts/identifiers.ts';
import { profilesFor } from '#lib/server/extracts/profiles/recognise-profile.ts';

/** Where each canonical column stands in the file, and what is left out. */
export interface Mapping {
  type: LotType;
  /** Name of the profile that says so; null when the file bears the names of the contract. */
  profil: string | null;
  /** Canonical name → position of the file's column, from 0. */
  positions: Map<string, number>;
  /** Canonical name → what every row has, as a file would write it. */
  constants: Map<string, string>;
  /** Canonical name → text of the file → code. */
  values: Map<string, Map<string, string>>;
  width: number;
  ignored: string[];
  identifying: string[];
  /** A value that slipped by a column could be an identifier and not be seen: rows of another width are suspect. */
  fragile: boolean;
}

/** Nobody could say what this file is: the mapping assistant can. */
export class Unrecognised extends Refused {
  constructor(
    message: string,
    readonly names: string[],
    readonly nearest: ExtractType | null
  ) {
    super(message);
    this.name = 'Unrecognised';
  }
}

/** Several readings are as good: the user chooses. */
export class Ambiguous extends Refused {
  constructor(
    message: string,
    readonly choices: { kind: 'type' | 'profil'; value: string; label: string }[]
  ) {
    super(message);
    this.name = 'Ambiguous';
  }
}

export interface MappingChoices {
  type?: ExtractType;
  profile?: ImportProfile;
}

/** Every set of names by which a heading is recognised: those of the contract, and those of the profiles. */
export function knownNames({ type, profile }: MappingChoices, profiles: ImportProfile[]): Set<string>[] {
  const named = (profile ? [profile] : profiles).map(
    (each) => new Set([...Object.values(each.colonnes), ...canonicalNames(each.type)].map(bareName))
  );
  return [...candidates(type ?? profile?.type).map((each) => new Set(canonicalNames(each).map(bareName))), ...named];
}

const canonicalNames = (type: LotType) => EXTRACTS[type].colonnes.map(({ nom }) => nom);

/**
 * Recognises the type by its columns and maps them: the profile chosen; else the profile, or the complete type, that
 * explains most columns. A type that lacks a single required column but knows more of them is refused rather than
 * mistaken for another. Throws `Unrecognised` or `Ambiguous`.
 */
export function mapColumns(names: string[], choices: MappingChoices, profiles: ImportProfile[]): Mapping {
  if (choices.profile) return checked(mapByProfile(names, choices.profile), names);
  const ranked = rankTypes(names, choices.type);
  const nearest = ranked[0]!;
  const complete = ranked.find((each) => each.missing.length === 0);
  const usable = complete && (complete.matched >= nearest.matched || nearest.missing.length > 1) ? complete : null;
  const [first, second] = profilesFor(names, profiles, choices.type);
  if (first && first.found >= (usable?.matched ?? 0)) {
    if (second && second.found === first.found) throw ambiguousProfiles([first.profile, second.profile]);
    return checked(mapByProfile(names, first.profile), names);
  }
  if (usable) {
    const rival = ranked.find(
      (each) => each !== usable && each.missing.length === 0 && each.matched === usable.matched
    );
    if (rival) throw ambiguousTypes([usable.type, rival.type]);
    return byContract(names, usable.type);
  }
  if (nearest.matched < 2) throw unknownType(names, choices.type);
  throw new Unrecognised(missingColumns(nearest.type, nearest.missing, complete?.type), names, nearest.type);
}

interface RankedType {
  type: ExtractType;
  matched: number;
  missing: string[];
}

function rankTypes(names: string[], type?: ExtractType): RankedType[] {
  const bare = new Set(names.map(bareName));
  const has = (nom: string) => bare.has(bareName(nom));
  return candidates(type)
    .map((each) => {
      const { colonnes } = EXTRACTS[each];
      const missing = colonnes.filter(({ nom, requis }) => requis && !has(nom)).map(({ nom }) => nom);
      return { type: each, matched: colonnes.filter(({ nom }) => has(nom)).length, missing };
    })
    .sort((a, b) => b.matched - a.matched || a.missing.length - b.missing.length);
}

const candidates = (type?: ExtractType): readonly ExtractType[] => (type ? [type] : EXTRACT_TYPES);

function byContract(names: string[], type: LotType): Mapping {
  const columns = new Map(canonicalNames(type).map((nom) => [bareName(nom), nom]));
  return mapped(names, type, (name) => columns.get(bareName(name)));
}

/** The profile's names first; a column it does not speak of keeps its canonical name. Required ones may be missing. */
export function mapByProfile(names: string[], profile: ImportProfile): Mapping {
  const { type, colonnes, constantes, valeurs } = profile;
  const own = new Map(Object.entries(colonnes).map(([column, name]) => [bareName(name), column]));
  const others = new Map(
    canonicalNames(type)
      .filter((nom) => !(nom in colonnes) && !(nom in constantes))
      .map((nom) => [bareName(nom), nom])
  );
  const mapping = mapped(names, type, (name) => own.get(bareName(name)) ?? others.get(bareName(name)));
  mapping.profil = profile.profil || null;
  mapping.constants = new Map(Object.entries(constantes));
  mapping.values = new Map(Object.entries(valeurs).map(([column, codes]) => [column, new Map(Object.entries(codes))]));
  return mapping;
}

/** Columns that the CSV of rejected rows adds: dropped back in, they are no news. */
const OWN_COLUMNS = new Set(['ligne', 'colonne', 'motif', 'motifdurejet']);

function mapped(names: string[], type: LotType, columnOf: (name: string) => string | undefined): Mapping {
  const mapping: Mapping = {
    ...{ type, profil: null, positions: new Map(), constants: new Map(), values: new Map() },
    ...{ width: names.length, ignored: [], identifying: [], fragile: false }
  };
  const identifyingAt: number[] = [];
  for (const [position, name] of names.entries()) {
    const column = columnOf(name);
    if (column && mapping.positions.has(column)) {
      throw new Refused(`La colonne « ${column} » est présente deux fois dans l’en-tête : gardez-en une seule.`);
    }
    const identifying = looksIdentifying(bareName(name));
    if (column && identifying && kindOf(type, column) !== 'famille') throw identifyingColumn(name, column);
    if (column) mapping.positions.set(column, position);
    else if (identifying) {
      mapping.identifying.push(name);
      identifyingAt.push(position);
    } else if (name !== '' && !OWN_COLUMNS.has(bareName(name))) mapping.ignored.push(name);
  }
  mapping.fragile = isFragile(mapping, identifyingAt);
  return mapping;
}

const kindOf = (type: LotType, column: string) => EXTRACTS[type].colonnes.find(({ nom }) => nom === column)?.genre;

const identifyingColumn = (name: string, column: string) =>
  new Refused(
    `La colonne « ${name} » semble désigner une personne : elle ne peut pas servir de « ${column} ». Choisissez une colonne de codes ; seule la clé de la famille accepte un identifiant, qu’elle remplace.`
  );

/** True when a column that takes any text stands within two of one that identifies someone. */
function isFragile({ type, positions }: Mapping, identifyingAt: number[]): boolean {
  return EXTRACTS[type].colonnes.some(({ nom, genre }) => {
    const position = positions.get(nom);
    if (position === undefined || !['cle', 'cles', 'texte', 'famille'].includes(genre)) return false;
    return identifyingAt.some((at) => Math.abs(at - position) <= 2);
  });
}

function checked(mapping: Mapping, names: string[]): Mapping {
  const missing = EXTRACTS[mapping.type].colonnes
    .filter(({ nom, requis }) => requis && !mapping.positions.has(nom) && !mapping.constants.has(nom))
    .map(({ nom }) => nom);
  if (missing.length === 0) return mapping;
  throw new Unrecognised(missingColumns(mapping.type, missing), names, isContext(mapping.type) ? null : mapping.type);
}

function missingColumns(type: LotType, names: string[], complete?: ExtractType): string {
  const { libelle } = EXTRACTS[type];
  const list = names.map((name) => `« ${name} »`).join(', ');
  const columns = names.length > 1 ? `les colonnes obligatoires ${list}` : `la colonne obligatoire ${list}`;
  const other = complete ? ` Si c’est un extrait « ${complete} », indiquez son type.` : '';
  return `Il manque ${columns} d’un extrait « ${type} » (${libelle}). Ajoutez-les à l’extrait, puis réimportez-le.${other}`;
}

/** No column, or hardly any, is known. */
export function unknownType(names: string[], type?: ExtractType): Unrecognised {
  const types = candidates(type).map(
    (each) =>
      `${each} (${EXTRACTS[each].colonnes
        .filter(({ requis }) => requis)
        .map(({ nom }) => nom)
        .join(', ')})`
  );
  const seen =
    names.length === 0 ? 'aucun en-tête lisible' : 'l’en-tête ne correspond à aucun type d’extrait, ni à aucun profil';
  const message = `Type non reconnu : ${seen}. Types et colonnes obligatoires : ${types.join(' ; ')}.`;
  return new Unrecognised(message, names, type ?? null);
}

function ambiguousTypes(types: ExtractType[]): Ambiguous {
  const list = types.map((type) => `« ${type} »`).join(' et ');
  return new Ambiguous(
    `L’en-tête convient à deux types d’extrait : ${list}. Indiquez le bon (--type sur la ligne de commande).`,
    types.map((value) => ({ kind: 'type', value, label: EXTRACTS[value].libelle }))
  );
}

function ambiguousProfiles(profiles: ImportProfile[]): Ambiguous {
  const list = profiles.map(({ profil }) => `« ${profil} »`).join(' et ');
  return new Ambiguous(
    `Deux profils reconnaissent cet en-tête : ${list}. Indiquez le bon (--profil sur la ligne de commande).`,
    profiles.map(({ profil, libelle }) => ({ kind: 'profil', value: profil, label: libelle }))
  );
}
