import type { Cell } from '#lib/domain/cell.ts';
import { addDays, cumulate, type IsoDate, type Period } from '#lib/domain/period.ts';
import { communeValuesOn } from '#lib/server/indicators/context-values.ts';
import { measure, type Measured } from '#lib/server/indicators/measure.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { toCell } from '#lib/server/views/figures.ts';
import type { Draft } from '#lib/server/views/sectorisation-draft.ts';
import { definitions } from '#lib/server/views/subject.ts';
import type { StoreState } from '#lib/server/warehouse/store.ts';

/** What is counted of a territoire: its communes, who lives there, what was done, who does it. Null: not known. */
export type Load = Record<Counted, number | null>;

const CONTEXT = ['allocataires', 'bas_revenus', 'monoparents'] as const;
type Activity = 'familles' | 'interventions' | 'ouverts';
export type Counted = 'communes' | 'habitants' | (typeof CONTEXT)[number] | Activity | 'etp';

/** Loads of each territoire without and with the moves, and those of each commune. */
export interface Loads {
  window: Period;
  before: Map<string, Load>;
  after: Map<string, Load>;
  communes: Map<string, Load>;
  /** Families received and ETP of the whole department; null without data. */
  everyone: Load;
}

/** Indicators that hold the counts: families received (numerator), interventions begun and open AS (denominators). */
const FAMILIES = 'familles_recues_pour_1000_habitants';
const STARTED = 'part_socle';
const OPEN = 'as_plus_de_12_mois';
const PER_ETP = 'familles_recues_par_etp';

type Counts = Record<Activity, number>;

interface Known {
  /** Is there any activity at all over the window? */
  counted: boolean;
  byCommune: Map<string, Counts>;
  etp: Map<string, number>;
  context: Map<string, Map<string, number>>;
  /** Distinct families of sets of communes, by the codes of the set. */
  families: Map<string, Promise<number>>;
}

const known = new WeakMap<StoreState, Map<string, Promise<Known>>>();
/** Sets of communes whose families are remembered for one window: those of some hundred drafts. */
const MOST_SETS = 500;

/** Twelve months that end with the period, cut at today. */
export function loadWindow({ state, house }: ViewContext): Period {
  const { du, au } = cumulate(state.period, '12mois');
  return { du, au: au < house.config.today ? au : house.config.today };
}

/** The loads of a draft over twelve months. Families are counted once per territoire, never added. */
export async function loadsOf(context: ViewContext, draft: Draft): Promise<Loads> {
  const window = loadWindow(context);
  const facts = await knownOf(context, window);
  const [before, after] = await Promise.all([
    sides(context, window, facts, draft.territoires, draft.before),
    sides(context, window, facts, draft.territoires, draft.after)
  ]);
  const one = (code: string) => loadOf(context, facts, [code], facts.byCommune.get(code)?.familles ?? 0, null);
  const all = [...draft.before.keys()];
  const families = await familiesOf(context, window, facts, all);
  const etp = facts.etp.size === 0 ? null : [...facts.etp.values()].reduce((sum, value) => sum + value, 0);
  return {
    ...{ window, before, after },
    communes: new Map(all.map((code) => [code, one(code)])),
    everyone: loadOf(context, facts, all, families, etp)
  };
}

async function sides(
  context: ViewContext,
  window: Period,
  facts: Known,
  territoires: string[],
  sectors: Map<string, string>
): Promise<Map<string, Load>> {
  const loads = territoires.map(async (territoire) => {
    const codes = [...sectors].filter(([, own]) => own === territoire).map(([code]) => code);
    const families = await familiesOf(context, window, facts, codes);
    return [territoire, loadOf(context, facts, codes, families, facts.etp.get(territoire) ?? null)] as const;
  });
  return new Map(await Promise.all(loads));
}

function loadOf(context: ViewContext, facts: Known, codes: string[], families: number, etp: number | null): Load {
  const own = new Set(codes);
  const people = context.house.reference.communes.filter(({ code }) => own.has(code));
  const total = (name: 'interventions' | 'ouverts') =>
    facts.counted ? codes.reduce((sum, code) => sum + (facts.byCommune.get(code)?.[name] ?? 0), 0) : null;
  const ofContext = (variable: (typeof CONTEXT)[number]) => sumOfKnown(codes, facts.context.get(variable));
  return {
    communes: codes.length,
    habitants: people.reduce((sum, { population }) => sum + population, 0),
    allocataires: ofContext('allocataires'),
    bas_revenus: ofContext('bas_revenus'),
    monoparents: ofContext('monoparents'),
    familles: facts.counted ? families : null,
    interventions: total('interventions'),
    ouverts: total('ouverts'),
    etp
  };
}

/** A sum with a part that is missing or secret is not known. */
function sumOfKnown(codes: string[], values: Map<string, number> | undefined): number | null {
  if (!values || codes.some((code) => !values.has(code))) return null;
  return codes.reduce((sum, code) => sum + values.get(code)!, 0);
}

async function familiesOf(context: ViewContext, window: Period, facts: Known, codes: string[]): Promise<number> {
  if (codes.length === 0 || !facts.counted) return 0;
  const key = [...codes].sort().join();
  if (facts.families.size >= MOST_SETS) facts.families.clear();
  let found = facts.families.get(key);
  if (!found) {
    found = ask(context, [FAMILIES], window, [[]], codes).then(([row]) => row?.numerateur ?? 0);
    facts.families.set(key, found);
    found.catch(() => facts.families.delete(key));
  }
  return found;
}

/** What no draft changes, found once per data version and window. */
function knownOf(context: ViewContext, window: Period): Promise<Known> {
  const { state } = context.snapshot;
  const windows = known.get(state) ?? new Map<string, Promise<Known>>();
  known.set(state, windows);
  const { viewer } = context;
  const key = JSON.stringify([window, viewer]);
  let found = windows.get(key);
  if (!found) {
    found = readKnown(context, window);
    windows.set(key, found);
    found.catch(() => windows.delete(key));
  }
  return found;
}

function ask(
  context: ViewContext,
  ids: string[],
  window: Period,
  breakdowns: ([] | ['commune'] | ['territoire'])[],
  communes?: string[]
): Promise<Measured[]> {
  return measure(context.snapshot, {
    indicators: definitions(context, ...ids),
    periods: [window],
    breakdowns,
    filters: communes ? { commune: communes } : {},
    viewer: context.viewer,
    today: context.house.config.today
  });
}

async function readKnown(context: ViewContext, window: Period): Promise<Known> {
  const lastDay = { du: addDays(window.au, -1), au: window.au };
  const [rows, staff, values] = await Promise.all([
    ask(context, [STARTED, OPEN, FAMILIES], window, [[], ['commune']]),
    ask(context, [PER_ETP], lastDay, [['territoire']]),
    contextOn(context, lastDay.du)
  ]);
  const whole = rows.find(({ indicateur, ventilation }) => indicateur === STARTED && ventilation === 0);
  const etp = staff.filter(({ axes, denominateur }) => axes.territoire && denominateur);
  return {
    counted: (whole?.denominateur ?? 0) > 0,
    byCommune: countsByCommune(rows),
    etp: new Map(etp.map(({ axes, denominateur }) => [axes.territoire!, denominateur!])),
    context: values,
    families: new Map()
  };
}

function countsByCommune(rows: Measured[]): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const { indicateur, ventilation, axes, numerateur, denominateur } of rows) {
    if (ventilation !== 1 || !axes.commune) continue;
    const own = counts.get(axes.commune) ?? { familles: 0, interventions: 0, ouverts: 0 };
    counts.set(axes.commune, own);
    if (indicateur === FAMILIES) own.familles = numerateur ?? 0;
    if (indicateur === STARTED) own.interventions = denominateur ?? 0;
    if (indicateur === OPEN) own.ouverts = denominateur ?? 0;
  }
  return counts;
}

/** Values of context in force on a day, by variable and current commune; a hidden one is absent. */
async function contextOn({ snapshot }: ViewContext, day: IsoDate): Promise<Map<string, Map<string, number>>> {
  const values = new Map<string, Map<string, number>>();
  for (const { variable, commune, valeur } of await communeValuesOn(snapshot, [...CONTEXT], day)) {
    if (valeur === null) continue;
    values.set(variable, (values.get(variable) ?? new Map<string, number>()).set(commune, valeur));
  }
  return values;
}

/** A count of a load, or a ratio of two, in the form in which figures leave the views. */
export function loadCell(context: ViewContext, numerateur: number | null, denominateur?: number | null): Cell {
  if (numerateur === null || denominateur === null) return { kind: 'none', reason: 'sans_donnee' };
  const valeur = denominateur === undefined ? numerateur : denominateur > 0 ? numerateur / denominateur : null;
  const row = { indicateur: '', periode: 0, ventilation: 0, axes: {}, p90: null, complements: [] };
  const { seuil_diffusion } = context.house.reference.caf;
  return toCell({ ...row, numerateur, denominateur: denominateur ?? null, valeur }, context.viewer, seuil_diffusion);
}
