import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import type { ContextAnswers, ContextNeed, ContextShape } from '#lib/server/extracts/context/shape.ts';

/** A file of context was recognised, but does not say all that is needed to read it: the user does. */
export class ContextQuestion extends Refused {
  readonly libelle: string;
  readonly needs: ContextNeed[];
  readonly proposals: ContextAnswers;
  /** Why the columns as the user said them cannot be read; null when nothing was said. */
  readonly problem: string | null;

  constructor({
    libelle,
    needs,
    proposals,
    problem
  }: Pick<ContextShape, 'libelle' | 'needs' | 'proposals' | 'problem'>) {
    super(
      problem ?? (needs.includes('colonnes') ? columnsSentence(libelle) : yearSentence(libelle, proposals.millesime))
    );
    this.problem = problem ?? null;
    this.name = 'ContextQuestion';
    this.libelle = libelle;
    this.needs = needs;
    this.proposals = proposals;
  }
}

const YEARS = { from: 1800, to: 2100 };

/** A year as the user gives it. Throws `BadRequest` otherwise. */
export function readMillesime(name: string, text: string): number {
  const year = /^\d{4}$/.test(text.trim()) ? Number(text) : NaN;
  if (year >= YEARS.from && year <= YEARS.to) return year;
  throw new BadRequest(
    `« ${text.slice(0, 20)} » n’est pas une année pour ${name} : écrivez quatre chiffres, par exemple 2023.`
  );
}

function yearSentence(libelle: string, proposed?: number): string {
  const example = proposed === undefined ? '' : ` Son nom laisse penser à ${proposed}.`;
  return `Reconnu : ${libelle}. Le fichier ne dit pas de quelle année sont ses valeurs.${example} Précisez-la (--millesime ${proposed ?? 2023} sur la ligne de commande).`;
}

const columnsSentence = (libelle: string) =>
  `Reconnu : ${libelle}. Aucune colonne ne porte le nom d’une variable connue : renommez chaque colonne à lire comme la variable qu’elle donne, puis réimportez le fichier.`;
