import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadRequest } from '#lib/domain/bad-request.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { formatDate } from '#lib/domain/format.ts';
import { labels } from '#lib/domain/labels.ts';
import {
  columnLabel,
  REFERENCE_TABLES,
  TABLE_DESCRIPTIONS,
  type ReferenceTable,
  type WrittenRow
} from '#lib/domain/reference-tables.ts';
import { DIRECTION } from '#lib/domain/viewer.ts';
import { GESTURES, type ChangeRequest, type Words } from '#lib/server/reference/change.ts';
import { WrongReference } from '#lib/server/reference/mistakes.ts';
import { planChange, planUndo } from '#lib/server/reference/revision.ts';
import type { House, Plan } from '#lib/server/house.ts';
import { openView } from '#lib/server/views/context.ts';
import { effectOf, type Effect } from '#lib/server/views/import-effect.ts';
import { openTrial } from '#lib/server/warehouse/reader.ts';

/** What the form of a row says back: done, or what it would change. */
export type ChangeOutcome = { done: string } | { effect: Effect; caution: string | null };

const STEPS = ['apercu', 'enregistrer'] as const;

/** A text of the form; a file, or a field left out, is none. */
function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

const REFILLED = /^(geste|effet|auteur|motif|source|(valeur|cle)\.[a-z_]+)$/;

/** The texts of a form, to be shown again when it is refused or tried. */
export function enteredTexts(form: FormData): Record<string, string> {
  const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.filter(([name]) => REFILLED.test(name)));
}

const wordsOf = (form: FormData): Words => ({
  auteur: textOf(form, 'auteur'),
  motif: textOf(form, 'motif'),
  source: textOf(form, 'source')
});

function requestOf(form: FormData, table: ReferenceTable): ChangeRequest {
  const { cle, colonnes } = TABLE_DESCRIPTIONS[table];
  const sent = Object.keys(colonnes).filter((column) => form.has(`valeur.${column}`));
  const valeurs: WrittenRow = Object.fromEntries(sent.map((column) => [column, textOf(form, `valeur.${column}`)]));
  const geste = requireOneOf('geste', textOf(form, 'geste'), GESTURES);
  const parts = cle.map((column) => textOf(form, `cle.${column}`).trim());
  const isBarred = parts.find((part) => part.includes('|'));
  if (isBarred !== undefined) throw new BadRequest(`« ${isBarred} » : un code ne contient pas de barre.`);
  return {
    ...{ table, geste, valeurs },
    cle: geste === 'ajouter' ? parts.join('|') : textOf(form, 'cle'),
    effet: textOf(form, 'effet'),
    etat: textOf(form, 'etat'),
    ...wordsOf(form)
  };
}

/** Makes the change of a form, or measures what it would change. Throws `BadRequest` or `Refused` in its words. */
export async function changeFromForm(house: House, url: URL, table: string, form: FormData): Promise<ChangeOutcome> {
  const name = requireOneOf('table du référentiel', table, REFERENCE_TABLES);
  const step = requireOneOf('etape', textOf(form, 'etape'), STEPS);
  const request = requestOf(form, name);
  const plan: Plan = (reference) => planChange(house.config, reference, request, new Date());
  return inWordsOf(name, async () => {
    if (step === 'apercu') return preview(house, url, plan, request.effet);
    await house.revise(plan);
    return {
      done: `C’est enregistré, avec effet au ${formatDate(request.effet.trim())}. Les périodes d’avant gardent leurs règles.`
    };
  });
}

/** Takes back the last change. */
export async function undoFromForm(house: House, form: FormData): Promise<{ done: string }> {
  const words = { ...wordsOf(form), seen: textOf(form, 'dernier') };
  await house.revise((reference) => planUndo(house.config, reference, words, new Date()));
  return { done: 'Le dernier changement est repris ; l’historique garde les deux.' };
}

async function preview(house: House, url: URL, plan: Plan, effet: string): Promise<ChangeOutcome> {
  const context = await openView(house, url, DIRECTION, ['ligne']);
  const folder = mkdtempSync(join(tmpdir(), `vigie-essai-${process.pid}-`));
  try {
    const path = join(folder, 'essai.duckdb');
    const { built, reference } = await house.rehearseRevision(plan, path);
    const { lots } = context.snapshot.state;
    const trial = await openTrial(path, { version: built.version, entrepot: '', octets: 0, lots });
    try {
      const after = { ...context.house, reference, labels: labels(reference) };
      const effect = await effectOf(context, context.snapshot, trial.snapshot, after);
      const isLater = effet.trim() >= context.window.au;
      return {
        effect,
        caution: isLater
          ? `Le changement prend effet après cette période : choisissez-en une qui va au-delà du ${formatDate(effet.trim())}.`
          : null
      };
    } finally {
      trial.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a table refuses, told with the names of the form rather than with lines of files. */
async function inWordsOf<T>(table: ReferenceTable, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WrongReference)) throw error;
    const told = error.mistakes.slice(0, 5).map(({ file, field, message }) => {
      const own = file.endsWith(`/${table}.csv`);
      return `${own ? '' : `${file}, `}${field ? `« ${columnLabel(table, field)} », ` : ''}${message}`;
    });
    throw new BadRequest(`Ce changement n’est pas possible : ${[...new Set(told)].join(' ')}`);
  }
}
