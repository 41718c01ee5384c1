import { formatDate, formatInstant } from '#lib/domain/format.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { capitalize, countOf, listOf } from '#lib/domain/sentence.ts';
import type { Reference } from '#lib/domain/reference.ts';
import { readScenarios, type Scenario } from '#lib/server/scenarios/scenario-store.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { movesText, readDraft, type Draft } from '#lib/server/views/sectorisation-draft.ts';
import type { PageTable } from '#lib/server/views/page.ts';

export interface ScenarioLine {
  id: string;
  name: string;
  /** « Direction, le 15 janvier 2026 à 9 h 05 ». */
  by: string;
  /** « 2 communes au 1er avril 2026 : Arcueil vers Créteil … ». */
  moves: string;
  /** What changed since it was saved; null when nothing did. */
  since: string | null;
  /** Address that opens it; null when it no longer holds. */
  href: string | null;
  /** It is the draft on the page. */
  open: boolean;
}

export interface ScenarioList {
  lines: ScenarioLine[];
  damaged: string | null;
}

const NAMED_AT_MOST = 4;

/** The scenarios of sectorisation kept in the store, against the data and the sectors of now. */
export function scenarioList(context: ViewContext, draft: Draft, search: string): ScenarioList {
  const { scenarios, damaged } = readScenarios(context.house.config.store);
  const told = damaged.slice(0, 5).join(', ') + (damaged.length > 5 ? ' …' : '');
  return {
    lines: scenarios.map((scenario) => lineOf(context, draft, scenario, search)),
    damaged:
      damaged.length === 0
        ? null
        : `${countOf(damaged.length, 'fichier de scénario est illisible et laissé', 'fichiers de scénario sont illisibles et laissés')} de côté : ${told}. Restaurez-${damaged.length > 1 ? 'les' : 'le'} depuis une sauvegarde, ou retirez-${damaged.length > 1 ? 'les' : 'le'} du dossier « scenarios ».`
  };
}

function lineOf(context: ViewContext, draft: Draft, scenario: Scenario, search: string): ScenarioLine {
  const { id, nom, auteur, enregistre_le, au, deplacements } = scenario;
  const problem = noLonger(context.house.reference, context.house.config.today, scenario);
  const moves = movesText(deplacements);
  const named = deplacements.slice(0, NAMED_AT_MOST).map(({ commune, vers }) => {
    const label = (axis: 'commune' | 'territoire', code: string) => labelOf(context.house.labels, axis, code);
    return `${label('commune', commune)} vers ${capitalize(label('territoire', vers))}`;
  });
  const more = deplacements.length > NAMED_AT_MOST ? ' …' : '';
  return {
    id,
    name: nom,
    by: `${auteur}, le ${formatInstant(enregistre_le)}`,
    moves: `${countOf(deplacements.length, 'commune')} au ${formatDate(au)} : ${more ? named.join(', ') : listOf(named)}${more}`,
    since: problem ?? changedSince(context, scenario),
    href: problem ? null : `/territoires/sectorisation${search}&deplacer=${moves}&au=${au}`,
    open: draft.au === au && sameMoves(draft, deplacements)
  };
}

const sameMoves = (draft: Draft, moves: { commune: string; vers: string }[]): boolean =>
  movesText(draft.moves).split(',').sort().join() === movesText(moves).split(',').sort().join();

/** Why a scenario cannot be opened any more, in a sentence. */
function noLonger(reference: Reference, today: string, { au, deplacements }: Scenario): string | null {
  try {
    readDraft(reference, today, { deplacer: [movesText(deplacements)], au });
    return null;
  } catch (error) {
    return error instanceof Error ? `Il ne peut plus être rouvert : ${error.message}` : null;
  }
}

/** What is no longer as it was when the scenario was saved: the sectors it starts from, or any data. */
function changedSince({ snapshot, house }: ViewContext, { version, au, deplacements }: Scenario): string | null {
  if (version === snapshot.state.version) return null;
  const { before } = readDraft(house.reference, house.config.today, { deplacer: [], au });
  const moved = deplacements.filter(({ commune, de }) => before.get(commune) !== de);
  if (moved.length === 0) return 'Les données ont changé depuis : ses effets sont recalculés.';
  const done = moved.filter(({ commune, vers }) => before.get(commune) === vers);
  if (done.length === deplacements.length) return 'Déjà en vigueur à cette date.';
  const names = listOf(moved.slice(0, NAMED_AT_MOST).map(({ commune }) => labelOf(house.labels, 'commune', commune)));
  return `Les secteurs ont changé depuis : ${names}${moved.length > NAMED_AT_MOST ? ' …' : ''} ${moved.length > 1 ? 'ne sont' : 'n’est'} plus où le scénario ${moved.length > 1 ? 'les' : 'la'} prenait.`;
}

export function scenariosTable({ lines }: ScenarioList): PageTable {
  return {
    id: 'scenarios',
    caption: 'Scénarios gardés',
    headerLabel: 'Scénario',
    columns: ['Par', 'Déplacements', 'Depuis'].map((label) => ({ id: label, label, align: 'left' })),
    rows: lines.map(({ name, by, moves, since, href }) => ({
      header: name,
      ...(href === null ? {} : { href }),
      cells: [by, moves, since ?? 'Données inchangées']
    }))
  };
}
