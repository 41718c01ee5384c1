import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A department small enough to be counted by hand. Honoured meetings of 2025-T2, in person over all:
 * Créteil 2/3 (R1, R3 / R1 R2 R3), Orly 1/2 (R6 / R5 R6), territoire unknown 1/1 (R8): 4/6 in all.
 * 2025-T3 has R7 (Orly, 1/1), 2024-T2 has R9 (Créteil, 0/1), R10 is planned for 2026-02-03.
 */
const EXTRACTS = {
  'agents.csv': [
    'agent;metier;service;territoire;etp;date_debut;date_fin',
    'A01;AS;sisic;creteil;1;01/01/2020;',
    'A02;CESF;sisic;orly;0,8;01/01/2020;'
  ],
  'interventions.csv': [
    'intervention;famille;offre;nature;date_debut;date_fin;agent;commune',
    'I1;F1;separation;accompagnement;01/03/2024;30/05/2025;A01;94028',
    'I2;F2;impaye_loyer;information_conseil;02/06/2025;;A02;94054',
    'I3;F3;surpeuplement;information_conseil;14/04/2025;;A02;75056'
  ],
  'rendez_vous.csv': [
    'rendez_vous;intervention;agent;date;modalite;statut',
    'R1;I1;A01;10/04/2025;presentiel;honore',
    'R2;I1;A01;12/05/2025;telephone;honore',
    'R3;I1;A01;20/05/2025;visite_domicile;honore',
    'R4;I1;A01;21/05/2025;presentiel;absent',
    'R5;I2;A02;03/06/2025;visio;honore',
    'R6;I2;A02;30/06/2025;presentiel;honore',
    'R7;I2;A02;01/07/2025;presentiel;honore',
    'R8;I3;A02;15/04/2025;presentiel;honore',
    'R9;I1;A01;02/05/2024;telephone;honore',
    'R10;I2;A02;03/02/2026;presentiel;prevu'
  ],
  'temps.csv': [
    'agent;mois;categorie;heures',
    'A01;2025-05;individuel;60,5',
    'A01;2025-05;collectif;20',
    'A01;2025-05;institutionnel;20'
  ]
};

/** One meeting more at Orly, remote, in 2025-T2: 4/7 in all. */
export const ONE_MORE = ['rendez_vous;intervention;agent;date;modalite;statut', 'R11;I2;A02;10/06/2025;visio;honore'];

export function writeLines(folder: string, name: string, lines: string[]): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\r\n')}\r\n`);
  return path;
}

/** Writes the small extracts and gives their paths, in the order of import. */
export function writeSmallExtracts(folder: string): string[] {
  return Object.entries(EXTRACTS).map(([name, lines]) => writeLines(folder, name, lines));
}
