import { dayOf, type Day } from '#lib/server/demo/calendar.ts';
import type { CaseFile } from '#lib/server/demo/interventions.ts';
import { stream, type Random } from '#lib/server/demo/random.ts';
import { isLockdown, territoryRates } from '#lib/server/demo/rates.ts';
import type { StoryPlan } from '#lib/server/demo/stories.ts';

/** Share of home visits among meetings: the aim of présentiel counts them, the draw of the others does not. */
const VISIT_SHARE = 0.085;
const VISITED_AS = 0.87;
const VISITED_IC = 0.02;

/** How families are met in one territoire over time. */
export class Modalities {
  constructor(
    private readonly seed: number,
    private readonly territoireCount: number,
    private readonly stories: StoryPlan | null
  ) {}

  /** Fills the modality of each meeting, and whether the family refused a visit. */
  fill(file: CaseFile, name: string): void {
    const random = stream(this.seed, 'modalites', name);
    for (const meeting of file.meetings) {
      const isFaceToFace = random.chance(this.faceToFaceShare(file.territoire, meeting.day));
      meeting.modalite = isFaceToFace ? 'presentiel' : random.chance(0.82) ? 'telephone' : 'visio';
    }
    const isVisited = random.chance(file.row.nature === 'accompagnement' ? this.visitedShare(file) : VISITED_IC);
    if (isVisited) placeVisits(file, random);
    const isRefused = random.chance(file.row.nature === 'accompagnement' && !isVisited ? 0.4 : 0);
    if (file.row.nature === 'accompagnement') file.row.vad_refusee = isRefused;
  }

  /** Share of présentiel among the meetings that are not home visits. */
  private faceToFaceShare(territoire: string, day: Day): number {
    if (isLockdown(day)) return 0;
    const presentiel = this.stories?.presentiel;
    const visites = this.stories?.visites;
    const isFallen = presentiel?.territoire === territoire && day >= dayOf(presentiel.du);
    const usual = territoryRates(territoire, this.territoireCount).presentiel;
    const aim = isFallen ? presentiel.apres : usual;
    const hasFewVisits = visites?.territoire === territoire && day >= dayOf(visites.du);
    const visits = hasFewVisits ? (VISIT_SHARE * visites.apres) / visites.ailleurs : VISIT_SHARE;
    return (aim - visits) / (1 - visits);
  }

  private visitedShare({ territoire, meetings }: CaseFile): number {
    const visites = this.stories?.visites;
    const last = meetings.at(-1)?.day ?? 0;
    const hasFewVisits = visites?.territoire === territoire && last >= dayOf(visites.du);
    return hasFewVisits ? visites.apres : VISITED_AS;
  }
}

/** The first meetings came before the window. */
function isUnderWay(file: CaseFile): boolean {
  return (file.meetings[0]?.day ?? 0) > file.start + 40;
}

/** Turns one to three honoured meetings, not the first when there are others, into home visits. */
function placeVisits(file: CaseFile, random: Random): void {
  const honoured = file.meetings.filter((m) => m.statut === 'honore' && !isLockdown(m.day));
  const eligible = honoured.length > 1 ? honoured.slice(1) : honoured;
  const count = file.row.nature === 'accompagnement' && !isUnderWay(file) ? random.pick([1, 1, 2, 2, 3]) : 1;
  for (const meeting of random.shuffle(eligible).slice(0, count)) meeting.modalite = 'visite_domicile';
}
