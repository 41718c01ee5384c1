import { formatCount, formatDate, formatMonth, formatNumber, formatValue } from '#lib/domain/format.ts';
import { viewSearch } from '#lib/domain/filters.ts';
import { isCount, isQuantile, type Indicator } from '#lib/domain/indicator.ts';
import { labelOf } from '#lib/domain/labels.ts';
import { atPlace, capitalize, listOf, targetWords } from '#lib/domain/sentence.ts';
import type { Sample } from '#lib/domain/significance.ts';
import { figuresOf, type Candidate, type Scene } from '#lib/server/views/findings/candidate.ts';
import { natureOf } from '#lib/server/views/findings/samples.ts';
import type { Fact, Story } from '#lib/server/views/findings/stories.ts';
import { COMPARISON_SUFFIXES } from '#lib/server/views/frame.ts';

interface Told {
  text: string;
  detail: string | null;
  href: string;
  proof: string;
}

/** A story in plain French: its strongest fact as a sentence, everything else under it. */
export function tell(scene: Scene, { facts, wholes }: Story): Told {
  const [first, ...others] = facts as [Fact, ...Fact[]];
  const details = [
    ...detailsOf(scene, first),
    also('De même', leads(others), first.lead.indicator),
    also('Dans l’ensemble', [first.whole ?? [], leads(wholes)].flat(), first.lead.indicator)
  ].filter((sentence) => sentence !== '');
  return {
    text: sentenceOf(scene, first.lead),
    detail: details.length > 0 ? details.join(' ') : null,
    ...proofOf(scene, first.lead)
  };
}

const leads = (facts: Fact[]): Candidate[] => facts.map(({ lead }) => lead);

function sentenceOf(scene: Scene, candidate: Candidate): string {
  const { indicator, own, other, kind } = candidate;
  const value = `${valueOf(indicator, own)} ${indicator.phrase}`;
  const contrast = valueOf(indicator, other, false);
  if (kind === 'serie') return seriesSentence(candidate);
  if (kind === 'evolution')
    return `${place(scene, candidate)}${value} ${scene.when}, contre ${contrast} ${before(scene)}.`;
  const beside = isShare(indicator) ? evolution(scene, candidate) : `, contre ${contrast} ${elsewhere(scene)}`;
  return `${place(scene, candidate)}${value} ${scene.when}${beside}.`;
}

function seriesSentence({ indicator, own, other, z, since }: Candidate): string {
  const value = `${valueOf(indicator, own)} ${indicator.phrase}`;
  const usual = valueOf(indicator, other, false);
  const [first] = since!;
  if (since!.length === 1) {
    return `En ${formatMonth(first!.du)}, ${value} : hors des limites habituelles, autour de ${usual}.`;
  }
  const side = z > 0 ? 'au-dessus' : 'au-dessous';
  return `Depuis ${formatMonth(first!.du)}, ${value}, contre ${usual} auparavant : ${since!.length} mois de suite ${side} de la moyenne.`;
}

/** « À Orly, », « Séparation : », nothing for the whole. */
function place({ context }: Scene, { codes }: Candidate): string {
  const { labels } = context.house;
  if (codes.territoire) return `${capitalize(atPlace(labelOf(labels, 'territoire', codes.territoire)))}, `;
  return codes.offre ? `${labelOf(labels, 'offre', codes.offre)} : ` : '';
}

const isShare = (indicator: Indicator): boolean => natureOf(indicator) === 'proportion';

/** « 55,4 % », « 60,4 familles »; a value it is compared with is said without its unit, but for a share. */
function valueOf(indicator: Indicator, { x, d }: Sample, withUnit = true): string {
  const value = isCount(indicator) ? x * d : x;
  if (withUnit || isShare(indicator)) return formatValue(value, indicator.unite);
  return formatNumber(value, isCount(indicator) || indicator.unite === 'minutes' ? 0 : 1);
}

function before({ context }: Scene): string {
  return context.state.comparison === 'n-1' ? 'un an plus tôt' : 'la période précédente';
}

function elsewhere({ context }: Scene): string {
  return context.state.filters.territoire ? 'dans les autres territoires retenus' : 'dans le reste du département';
}

/** « , −18,2 pts sur un an ». */
function evolution(scene: Scene, { indicator, codes }: Candidate): string {
  const { change } = figuresOf(scene, codes).judged(indicator.id, codes);
  return change && change !== 'stable' ? `, ${change} ${COMPARISON_SUFFIXES[scene.context.state.comparison]}` : '';
}

function detailsOf(scene: Scene, { lead, parts }: Fact): string[] {
  const { indicator, other, kind } = lead;
  const target = aim(scene, lead);
  const rest = capitalize(`${elsewhere(scene)} : ${valueOf(indicator, other)}.`);
  return [
    target && `Objectif : ${target}.`,
    kind === 'ecart' && isShare(indicator) ? rest : '',
    kind === 'ecart' ? staff(scene, lead) : '',
    kind === 'evolution' ? countsOf(lead) : '',
    parts.length > 0 ? `Surtout : ${listOf(parts.map((part) => partWords(scene, part)))}.` : '',
    ruptureWords(scene, lead)
  ];
}

/** The target, when it is missed. */
function aim(scene: Scene, { indicator, codes, kind }: Candidate): string {
  const { target, status } = figuresOf(scene, codes).judged(indicator.id, codes);
  const missed = kind === 'ecart' || status === 'non_atteint' || status === 'proche';
  return target && missed && status !== 'non_evaluable' ? targetWords(target, indicator.unite) : '';
}

/** The mean ETP behind the ratio, now and in the compared window, when it changed by 5 % or more. */
function staff(scene: Scene, { indicator, codes }: Candidate): string {
  const measure = indicator.denominateur;
  if (measure?.diviseur !== 'jours_de_la_fenetre') return '';
  const [now, then] = [0, 1].map((period) => {
    const cell = figuresOf(scene, codes).cell(indicator.id, period, codes);
    return cell.kind === 'shown' ? cell.denominator : null;
  });
  if (!now || !then || Math.abs(now / then - 1) < 0.05) return '';
  return `L’équipe est passée de ${formatNumber(then, 1)} à ${formatNumber(now, 1)} ETP.`;
}

/** What was counted, now and before. */
function countsOf({ indicator, own, other }: Candidate): string {
  const cases = (sample: Sample) => formatCount(Math.round(sample.x * sample.d));
  const among = (sample: Sample) => formatCount(Math.round(sample.d));
  if (isQuantile(indicator)) return `Médiane de ${among(own)} cas, contre ${among(other)}.`;
  if (!isShare(indicator)) return '';
  return `${capitalize(cases(own))} ${indicator.numerateur.libelle} sur ${among(own)}, contre ${cases(other)} sur ${among(other)}.`;
}

function partWords({ context }: Scene, { indicator, codes, own, other }: Candidate): string {
  const [axis, code] = Object.entries(codes)[0] as ['territoire' | 'offre', string];
  return `${labelOf(context.house.labels, axis, code)} (${valueOf(indicator, own)} contre ${valueOf(indicator, other, false)})`;
}

/** A declared break of the series between the two windows is the reason, as those who know gave it. */
function ruptureWords(scene: Scene, { indicator, codes, kind }: Candidate): string {
  if (kind === 'ecart') return '';
  const found = figuresOf(scene, codes)
    .ruptures(indicator.id, codes)
    .findLast(({ date }) => date > scene.compared.du && date < scene.window.au);
  return found ? `Rupture déclarée le ${formatDate(found.date)} : ${found.motif.replace(/\.$/, '')}.` : '';
}

/** Other facts of the same story, in short; `known` is the indicator whose name was just said. */
function also(opening: string, facts: Candidate[], known: Indicator): string {
  const words = facts.map((fact) => {
    const { indicator } = fact;
    const values = contrastWords(fact);
    return indicator === known ? values : `${nameOf(indicator)} (${values})`;
  });
  return words.length > 0 ? `${opening} : ${listOf(words)}.` : '';
}

/** Both values; those of a series are of its months, not of the window. */
function contrastWords({ indicator, own, other, since }: Candidate): string {
  const [value, usual] = [valueOf(indicator, own), valueOf(indicator, other, false)];
  if (!since) return `${value} contre ${usual}`;
  const month = formatMonth(since[0]!.du);
  return since.length === 1
    ? `${value} en ${month}, ${usual} d’ordinaire`
    : `${value} depuis ${month}, ${usual} auparavant`;
}

/** The name of an indicator inside a sentence; one that begins with initials keeps them. */
function nameOf({ libelle }: Indicator): string {
  return /^\p{Lu}\p{Ll}/u.test(libelle) ? libelle.charAt(0).toLocaleLowerCase('fr') + libelle.slice(1) : libelle;
}

function proofOf({ context }: Scene, { indicator, codes }: Candidate): { href: string; proof: string } {
  const { labels } = context.house;
  const search = viewSearch(context.state);
  if (codes.offre && indicator.groupe === 'parcours') {
    const label = labelOf(labels, 'offre', codes.offre);
    return { href: `/offres/${codes.offre}${search}`, proof: `L’offre ${label.toLowerCase()}` };
  }
  if (codes.territoire && indicator.groupe === 'activite') {
    const where = atPlace(labelOf(labels, 'territoire', codes.territoire));
    return { href: `/territoires/${codes.territoire}${search}`, proof: `L’activité ${where}` };
  }
  const by = codes.territoire ? ' par territoire' : codes.offre ? ' par offre' : '';
  return { href: `/indicateurs/${indicator.id}${search}`, proof: `${indicator.libelle}${by}` };
}

/** « Déjà relevé au T3 2025. » */
export function repeatedWords(previousWhen: string): string {
  return `Déjà relevé ${previousWhen}.`;
}
