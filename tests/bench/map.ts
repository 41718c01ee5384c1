import { gzipSync } from 'node:zlib';
import { areaMap } from '#lib/charts/area-map.ts';
import { contourGround } from '#lib/charts/contour-ground.ts';
import type { MapArea } from '#lib/charts/map-area.ts';
import { mesh } from '../support/mesh.ts';
import { spreadOf, timed } from './measures.ts';

/** The map of a department of that many communes, at both widths: from contours never seen, then from known ones. */
const communes = Number(process.argv[2]);
const across = 40;
const contoursOf = () => mesh(across, Math.ceil(communes / across)).slice(0, communes);
const known = contoursOf();
const areas = known.map(({ code }, i): MapArea => {
  const value = ((i * 37) % 101) / 1000;
  const figure = (value * 1000).toFixed(0);
  const cell = { kind: 'shown', value, numerator: null, denominator: null, p90: null } as const;
  return { code, name: `Commune ${code}`, cell, figure, said: figure, href: `/c/${code}`, communes: [code] };
});
const drawn = (contours: typeof known) =>
  areaMap({
    ...{ id: 'banc', title: 'Banc', description: 'Banc', unitLabel: 'pour 1 000', areasLabel: 'communes' },
    ...{ areas, circles: false, middle: null, grouped: false, sectors: null },
    ground: (room) => contourGround(contours, room),
    bound: (value) => (value * 1000).toFixed(0),
    written: (value) => value
  });

const fresh = await timed(10, 1, () => Promise.resolve(drawn(contoursOf())));
const warm = await timed(10, 1, () => Promise.resolve(drawn(known)));
process.stdout.write(
  JSON.stringify({
    communes,
    fresh: spreadOf(fresh).median,
    warm: spreadOf(warm).median,
    kilobytes: Math.round(gzipSync(drawn(known)).length / 1000)
  })
);
