/** Small extracts of the fourth quarter of 2025, the default period of the tests. */
const INTERVENTIONS = 'intervention;famille;offre;nature;date_debut;agent;commune;territoire';
const MEETINGS = 'rendez_vous;intervention;agent;date;modalite;lieu;statut;duree_minutes;temps_global_minutes';

export interface UploadedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export function csvFile(name: string, lines: string[]): UploadedFile {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) };
}

const days = (count: number) => Array.from({ length: count }, (_, index) => index);
/** Days after the 12th come first: the order of day and month is plain. */
const octoberDay = (index: number) => `${String(((index + 12) % 28) + 1).padStart(2, '0')}/10/2025`;

/** Twenty interventions, I0 to I19. */
export function interventionsFile(name = 'interventions.csv'): UploadedFile {
  const rows = days(20).map((i) => `I${i};F${i};separation;accompagnement;15/10/2025;A01;94028;creteil`);
  return csvFile(name, [INTERVENTIONS, ...rows]);
}

/** So many honoured meetings of one modalité; `prefix` makes their keys. */
export function meetings(prefix: string, count: number, modalite: string): string[] {
  return days(count).map(
    (i) =>
      `${prefix}${i};I${i % 20};A01;${octoberDay(i)};${modalite};${modalite === 'presentiel' ? 'creteil' : ''};honore;45;90`
  );
}

export function meetingsFile(name: string, rows: string[]): UploadedFile {
  return csvFile(name, [MEETINGS, ...rows]);
}
