/** Files of software that does not exist, as text lines; the same arguments always give the same file. */

const pick = <T>(all: readonly T[], row: number, step = 1): T => all[(row * step) % all.length]!;
const padded = (number: number, length: number) => String(number).padStart(length, '0');
/** Days above 12 come first, so that the order of day and month is plain. */
const dayOf = (row: number, month: string) =>
  `${padded(((row * 5 + 15) % 28) + 1, 2)}/${month.slice(5)}/${month.slice(0, 4)}`;
const rows = (count: number, line: (row: number) => string[]) =>
  Array.from({ length: count }, (_, row) => line(row).join(';'));

/** Rendez-vous of « Agenda social », read by the profile `agenda-social-rendez-vous`. */
export function agendaSocialFile(n: number, month = '2025-10'): string[] {
  const header =
    'Numéro de rendez-vous;Créé par;Dossier d’intervention;Nom et prénom de l’usager;Travailleur social référent;Date et heure du rendez-vous;' +
    'Mode d’entretien;Lieu de l’entretien;Suite donnée au rendez-vous;Durée de l’entretien (minutes);Temps total, préparation comprise (minutes);Version';
  const modes = [
    'Accueil dans nos locaux',
    'Échange par téléphone',
    'Déplacement chez la famille',
    'Échange par caméra'
  ];
  const outcomes = [
    ...['Rencontre effectuée', 'Rencontre effectuée', 'Famille non venue', 'Rencontre effectuée'],
    ...['Décommandé par la famille', 'Rencontre effectuée', 'Décommandé par nos soins']
  ];
  const line = (row: number) => [
    ...[
      `RDV-${month}-${padded(row + 1, 5)}`,
      'import',
      `I${(row % 40) + 1}`,
      `NOM${padded(row + 1, 3)}`,
      `A${padded((row % 6) + 1, 2)}`
    ],
    ...[
      `${dayOf(row, month)} ${padded(9 + (row % 8), 2)}:30`,
      pick(modes, row),
      pick(['Créteil', 'Orly', 'Champigny'], row)
    ],
    ...[pick(outcomes, row), pick(['45', '60', '30'], row), pick(['120', '90'], row), '4.2']
  ];
  return [header, ...rows(n, line)];
}

/** Interventions of « Suivi familles », read by the profile `suivi-familles-interventions`. */
export function suiviFamillesFile(n: number, month = '2025-10'): string[] {
  const header =
    'NUM_DOS;REF_FAM;NOM_ALL;NUM_EVT;CD_OFF;CD_NAT;DT_DEB;DT_FIN;DT_CTR;TOP_REF_VAD;CD_ISS;CD_AGT;CD_COM;CD_UTI';
  const offers = ['SEP', 'IMP', 'PSE', 'DCP', 'NDC', 'RSM', 'SUR', 'EMH', 'FIN', 'DCE'];
  const line = (row: number) => [
    ...[
      `I${month.replace('-', '')}${padded(row + 1, 4)}`,
      `F${row + 1}`,
      `NOM${padded(row + 1, 3)}`,
      row % 3 ? `E${row + 1}` : ''
    ],
    ...[
      pick(offers, row),
      pick(['01', '02', '01', '03'], row),
      dayOf(row, month),
      row % 4 ? '' : `28/${month.slice(5)}/${month.slice(0, 4)}`
    ],
    ...[row % 4 === 1 ? dayOf(row, month) : '', row % 5 ? 'N' : 'O', row % 4 ? '' : pick(['R1', 'R2'], row)],
    ...[`A${padded((row % 6) + 1, 2)}`, pick(['94028', '94054', '94017', '94041', '94081'], row), 'U7']
  ];
  return [header, ...rows(n, line)];
}

/** Rendez-vous in a format that no profile knows. */
export function unknownFile(n: number, month = '2025-10'): string[] {
  const header = "Réf. entretien;Dossier;Référent;Le;Type d'entretien;Site;Issue de l'entretien;Durée;Nom de l'usager";
  const line = (row: number) => [
    ...[`ENT-${month}-${padded(row + 1, 5)}`, `I${(row % 40) + 1}`, `A${padded((row % 6) + 1, 2)}`, dayOf(row, month)],
    ...[pick(['Entretien physique', 'Appel', 'À domicile', 'Visio'], row), pick(['Créteil', 'Orly', 'Champigny'], row)],
    ...[pick(['Fait', 'Fait', 'Pas venu'], row), pick(['45', '60', '30'], row), `NOM${padded(row + 1, 3)}`]
  ];
  return [header, ...rows(n, line)];
}
