import { loadReference } from '#lib/server/reference/load-reference.ts';
import { readConfig } from '#lib/server/config.ts';

/** Communes of the Val-de-Marne with their municipal population of 2023. */
export const communes = loadReference(readConfig({ VIGIE_CAF: '94' })).communes.filter(
  ({ departement }) => departement === '94'
);

/** A commune of Corsica: its region has the number of our department. */
export const AJACCIO = '94;Corse;2A;1;01;004;2A004;Ajaccio;73822;1000;74822';

/** `donnees_communes.csv` as Insee publishes it since the vintage 2021. */
export function inseePopulations(
  populationOf: (commune: (typeof communes)[number]) => string | number = ({ population }) => population,
  others: string[] = [AJACCIO]
): string {
  const header = 'REG;Région;DEP;CODARR;CODCAN;CODCOM;COM;Commune;PMUN;PCAP;PTOT';
  const rows = communes.map((commune) => {
    const { code, nom } = commune;
    return `11;Île-de-France;94;1;01;${code.slice(2)};${code};${nom};${populationOf(commune)};1;2`;
  });
  return [header, ...others, ...rows].join('\r\n') + '\r\n';
}

/** An export of data.caf.fr: one line a commune, counts rounded to five. */
export function cafExport(...lines: string[]): string {
  return `\ufeffdtreffre;numcomdo;nomcom;indfoy_ndur;indnbp_ndur\r\n${lines.join('\r\n')}\r\n`;
}

/** Contours of these communes: a square each. */
export function contours(codes: string[]): string {
  const features = codes.map((code, index) => {
    const [x, y] = [2.3 + (index % 8) / 50, 48.7 + Math.floor(index / 8) / 50];
    const ring = [
      [x, y],
      [x + 0.02, y],
      [x + 0.02, y + 0.02],
      [x, y + 0.02],
      [x, y]
    ];
    return {
      type: 'Feature',
      properties: { code, nom: `Commune ${code}` },
      geometry: { type: 'Polygon', coordinates: [ring] }
    };
  });
  return JSON.stringify({ type: 'FeatureCollection', features });
}
