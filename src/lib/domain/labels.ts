import { UNKNOWN, type Axis } from '#lib/domain/axes.ts';
import { intercommunaliteOf, type Reference } from '#lib/domain/reference.ts';

/** Code → French label, for each axis; workers are codes only and have no label. */
export type Labels = Record<Exclude<Axis, 'agent'>, Map<string, string>>;

export const UNKNOWN_LABEL = 'non renseigné';

interface DatedRow {
  valable_du: string;
}

/** The labels of a Caf's codes. When a label changed with time, the latest one is used. */
export function labels(reference: Reference): Labels {
  const { offres, territoires, sites, lieux, communes, vocabulaires } = reference;
  const listed = (entries: { code: string; libelle: string }[]) =>
    new Map(entries.map(({ code, libelle }) => [code, libelle]));
  return {
    offre: latest(offres, (row) => [row.offre, row.libelle]),
    socle: new Map([
      ['socle', 'socle national'],
      ['local', 'offre locale']
    ]),
    mission: listed(vocabulaires.missions),
    territoire: latest(territoires, (row) => [row.territoire, row.libelle]),
    site: listed(sites),
    commune: new Map(communes.map(({ code, nom }) => [code, nom])),
    intercommunalite: new Map(
      communes.flatMap((row) => {
        const code = intercommunaliteOf(row);
        return code ? [[code, row.ept_nom ?? row.epci_nom ?? code] as const] : [];
      })
    ),
    modalite: listed(vocabulaires.modalites),
    nature: listed([...vocabulaires.natures, ...vocabulaires.natures_collectives]),
    canal: listed(vocabulaires.canaux),
    issue: listed(vocabulaires.issues),
    etape: listed(vocabulaires.etapes),
    lieu: latest(lieux, (row) => [row.lieu, row.libelle])
  };
}

function latest<T extends DatedRow>(rows: T[], entry: (row: T) => [string, string]): Map<string, string> {
  return new Map(rows.toSorted((a, b) => a.valable_du.localeCompare(b.valable_du)).map(entry));
}

/** The label of one code; an absent value is « non renseigné », a code without a label stays as it is. */
export function labelOf(all: Labels, axis: Axis, code: string | null): string {
  if (code === null || code === UNKNOWN) return UNKNOWN_LABEL;
  return axis === 'agent' ? code : (all[axis].get(code) ?? code);
}
