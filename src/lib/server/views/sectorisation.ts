import { FILTER_AXES } from '#lib/domain/axes.ts';
import { formatDate, formatWindow } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf } from '#lib/domain/sentence.ts';
import { tableMark } from '#lib/server/reference/revision.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { frameOf } from '#lib/server/views/frame.ts';
import { csvHref, type PageView } from '#lib/server/views/page.ts';
import { cautionsOf, type Caution } from '#lib/server/views/sectorisation-cautions.ts';
import { communeGroups, communesTable, type CommuneGroups } from '#lib/server/views/sectorisation-communes.ts';
import { askedIn, movesText, readDraft, type Draft } from '#lib/server/views/sectorisation-draft.ts';
import {
  effectTable,
  flatEffect,
  gapSentence,
  movedWords,
  type EffectTable
} from '#lib/server/views/sectorisation-effect.ts';
import { draftMap, type DraftMap } from '#lib/server/views/sectorisation-map.ts';
import { loadsOf } from '#lib/server/views/sectorisation-load.ts';
import { scenarioList, scenariosTable, type ScenarioList } from '#lib/server/views/sectorisation-scenarios.ts';

interface Choice {
  value: string;
  label: string;
}

export interface SectorisationView extends PageView {
  title: string;
  lead: string;
  /** First day of the moves, and how it is said. */
  au: string;
  day: string;
  /** « 12 mois à fin décembre 2025 ». */
  windowLabel: string;
  /** The moves as one text; empty when there are none. */
  deplacer: string;
  /** The effect in one sentence, heard when it changes. */
  short: string;
  moved: { code: string; text: string; without: string }[];
  effect: EffectTable;
  map: DraftMap;
  cautions: Caution[];
  territoires: Choice[];
  communes: CommuneGroups;
  scenarios: ScenarioList;
  /** `tableMark` of the sectorisation, sent back when it is saved. */
  etat: string;
  /** How the table is to be read. */
  note: string;
  csv: string;
  /** Address of the page without any move. */
  blank: string;
}

/** `/territoires/sectorisation`: which commune belongs to which territoire, and what would change if one moved. */
export async function sectorisationView(context: ViewContext): Promise<SectorisationView> {
  const { house, url } = context;
  const draft = readDraft(house.reference, house.config.today, askedIn(url.searchParams));
  const [loads, cautions, map] = await Promise.all([
    loadsOf(context, draft),
    cautionsOf(context, draft),
    draftMap(context, draft)
  ]);
  const frame = ownFrame(context, draft);
  const moved = draft.moves.length > 0;
  const effect = effectTable(context, draft, loads);
  const windowLabel = formatWindow(loads.window, '12mois');
  const flat = flatEffect(effect, moved, `Territoires au ${formatDate(draft.au)}, activité sur ${windowLabel}`);
  const communes = communeGroups(context, draft, loads);
  const scenarios = scenarioList(context, draft, frame.search);
  return {
    frame,
    title: titleOf(draft, effect),
    lead: leadOf(draft),
    au: draft.au,
    day: formatDate(draft.au),
    windowLabel,
    deplacer: movesText(draft.moves),
    short: shortOf(draft, effect),
    moved: movedLines(context, draft, frame.search),
    effect,
    map,
    cautions,
    territoires: draft.territoires.map((value) => ({ value, label: named(context, 'territoire', value) })),
    communes,
    scenarios,
    etat: tableMark(house.reference, 'sectorisation'),
    note: loads.everyone.familles === null ? NOTHING_DONE : NOTE,
    csv: csvHref(frame, flat.id),
    blank: `/territoires/sectorisation${frame.search}&au=${draft.au}`,
    tables: [flat, communesTable(communes), scenariosTable(scenarios)]
  };
}

const named = ({ house }: ViewContext, axis: 'commune' | 'territoire', code: string): string =>
  capitalize(labelOf(house.labels, axis, code));

const NOTHING_DONE =
  'Aucune activité n’est connue sur cette période : seuls les communes et leurs habitants sont comptés.';

const NOTE =
  'Une famille reçue dans deux territoires compte dans chacun, une seule fois dans l’ensemble. Accompagnements ouverts et ETP : le dernier jour. « ETP à charge égale » : ceux du département, partagés selon les familles reçues. Un acte dont le fichier dit le territoire le garde, quelle que soit sa commune.';

/** The period alone is chosen here: the activity shown is always that of twelve months, of everyone. */
function ownFrame(context: ViewContext, draft: Draft) {
  const own = [
    ...(draft.moves.length > 0 ? [{ name: 'deplacer', value: movesText(draft.moves) }] : []),
    { name: 'au', value: draft.au }
  ];
  const bare = { ...context, state: { ...context.state, filters: {} } };
  const frame = frameOf(bare, [...FILTER_AXES], own);
  return { ...frame, fields: frame.fields.filter(({ name }) => name === 'periode') };
}

function titleOf({ moves, before, territoires }: Draft, effect: EffectTable): string {
  const gap = gapSentence(effect, moves.length > 0);
  if (moves.length > 0) return `${movedWords(moves.length)}${gap ? ` : ${gap}` : ''}`;
  const sectors = `${countOf(before.size, 'commune')}, ${countOf(territoires.length, 'territoire')}`;
  return gap ? `${sectors} : ${gap}` : `${sectors} : qui relève de quel secteur ?`;
}

function shortOf({ moves }: Draft, effect: EffectTable): string {
  const gap = gapSentence(effect, moves.length > 0);
  if (moves.length === 0) return 'Aucune commune n’est déplacée.';
  return gap ? `${capitalize(gap)}.` : `${capitalize(movedWords(moves.length))}.`;
}

function leadOf({ moves, au }: Draft): string {
  const day = formatDate(au);
  return moves.length > 0
    ? `Projet à partir du ${day} : rien n’est enregistré tant que vous ne le demandez pas. Cette adresse le contient ; elle se colle dans un courriel.`
    : `Choisissez une date, puis le territoire des communes à déplacer : l’effet se voit aussitôt, et rien n’est enregistré avant que vous ne le demandiez.`;
}

function movedLines(context: ViewContext, { moves, au }: Draft, search: string) {
  return moves.map(({ commune, de, vers }) => {
    const others = movesText(moves.filter((move) => move.commune !== commune));
    const kept = others === '' ? '' : `&deplacer=${others}`;
    return {
      code: commune,
      text: `${named(context, 'commune', commune)} : ${named(context, 'territoire', de)} → ${named(context, 'territoire', vers)}`,
      without: `/territoires/sectorisation${search}${kept}&au=${au}`
    };
  });
}
