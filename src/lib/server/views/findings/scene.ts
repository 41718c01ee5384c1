import type { Group, Indicator } from '#lib/domain/indicator.ts';
import { formatWindow } from '#lib/domain/format.ts';
import { comparedPeriod, comparedWindow, cumulate, type Period } from '#lib/domain/period.ts';
import type { ViewContext } from '#lib/server/views/context.ts';
import { figures, type Figures } from '#lib/server/views/figures.ts';
import type { Scene } from '#lib/server/views/findings/candidate.ts';
import { MonthSamples, PartSamples } from '#lib/server/views/findings/samples.ts';
import { inSentence } from '#lib/server/views/frame.ts';

/** Permanences are measured by place, and data themselves by what is missing in them. */
const APART: Group[] = ['lieux', 'qualite'];

/** Every indicator the findings look at. */
export function lookedAt({ house }: ViewContext): Indicator[] {
  return [...house.catalogue.values()].filter((one) => one.axes.includes('territoire') && !APART.includes(one.groupe));
}

const byOffer = (indicators: Indicator[]): Indicator[] => indicators.filter(({ axes }) => axes.includes('offre'));

/** The window and the compared one, by offre. */
export function offerFigures(context: ViewContext, indicators: Indicator[], periods: Period[]): Promise<Figures> {
  return figures(context, { indicators: byOffer(indicators), periods, breakdowns: [[], ['offre']] });
}

/** The window shown and the one it is compared with, by territoire and by offre; the months before them in total. */
export function sceneOf(context: ViewContext, measured: { now: Figures; offers: Figures; months: Figures }): Scene {
  const { window, compared } = context;
  const indicators = lookedAt(context);
  return {
    ...{ context, window, compared, months: new MonthSamples(measured.months) },
    sources: [
      { indicators, samples: new PartSamples(measured.now, 'territoire') },
      { indicators: byOffer(indicators), samples: new PartSamples(measured.offers, 'offre') }
    ],
    when: inSentence(formatWindow(window, context.state.cumul))
  };
}

/** The window just before, of the same kind. */
export function previousWindow({ state }: ViewContext): Period {
  return cumulate(comparedPeriod(state.period, 'precedente'), state.cumul);
}

/** A scene one period earlier, measured for some indicators. */
export async function sceneBefore(scene: Scene, indicators: Indicator[]): Promise<Scene> {
  const { context } = scene;
  const { period, cumul, comparison } = context.state;
  const window = previousWindow(context);
  const compared = comparedWindow(comparedPeriod(period, 'precedente'), cumul, comparison);
  const periods = [window, compared];
  const [now, offers] = await Promise.all([
    figures(context, { indicators, periods, breakdowns: [[], ['territoire']] }),
    offerFigures(context, indicators, periods)
  ]);
  return {
    ...{ context, window, compared, months: scene.months },
    sources: [
      { indicators, samples: new PartSamples(now, 'territoire') },
      { indicators: byOffer(indicators), samples: new PartSamples(offers, 'offre') }
    ],
    when: inSentence(formatWindow(window, cumul))
  };
}
