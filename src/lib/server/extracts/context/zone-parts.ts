import type { ContextOutcome, ContextRow } from '#lib/server/extracts/context/shape.ts';

type Outcome = ContextOutcome<ContextRow>;

/**
 * A quarter that lies on several communes is published by parts, each household in one of them: the parts add up, to
 * null when one of them is not known. The lines after the first are told as added to it.
 */
export function* mergeParts(outcomes: Iterable<Outcome>): Generator<Outcome> {
  const wholes = new Map<string, Outcome & { kind: 'row' }>();
  for (const outcome of outcomes) {
    if (outcome.kind !== 'row') {
      yield outcome;
      continue;
    }
    const { row, line, column } = outcome;
    const key = JSON.stringify([row.zone, row.variable, row.periode]);
    const whole = wholes.get(key);
    if (!whole) wholes.set(key, { ...outcome, row: { ...row } });
    else {
      const [before, part] = [whole.row.valeur, row.valeur];
      whole.row.valeur = before === null || part === null ? null : before + part;
      yield {
        kind: 'ignored',
        line,
        column,
        reason: 'partie d’un quartier à cheval sur des communes : ajoutée aux autres'
      };
    }
  }
  yield* wholes.values();
}
