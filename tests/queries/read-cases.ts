import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { AXES } from '#lib/domain/axes.ts';
import { CUMULS, isIsoDate, parsePeriod } from '#lib/domain/period.ts';
import { config, ROW_TYPES, type GivenRows } from '../support/warehouse.ts';

/** A number, or a fraction written as it is worked by hand: `90/365`. */
const quantity = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?\/\d+(\.\d+)?$/, 'a number or a fraction is expected')])
  .transform((text) => {
    if (typeof text === 'number') return text;
    const [above, below] = text.split('/').map(Number) as [number, number];
    return above / below;
  });

const figure = {
  numerateur: quantity.nullable(),
  denominateur: quantity.nullable(),
  valeur: quantity.nullable(),
  p90: quantity.nullable().default(null),
  complements: z.array(quantity).optional()
};

const caseSchema = z.strictObject({
  donnees: z.partialRecord(z.enum(ROW_TYPES), z.array(z.record(z.string(), z.unknown()))),
  /** Delay of contact of an offer, which the files of the 94 leave empty. */
  delai_contact_jours: z.record(z.string(), z.int()).default({}),
  question: z.strictObject({
    periode: z.string().refine((text) => parsePeriod(text) !== null, 'not a period'),
    cumul: z.enum(CUMULS).default('trimestre'),
    par: z.array(z.enum(AXES)).default([]),
    filtre: z.partialRecord(z.enum(AXES), z.array(z.string())).default({}),
    today: z.string().refine(isIsoDate).default('2026-01-15')
  }),
  attendu: z.strictObject({
    total: z.strictObject(figure),
    lignes: z
      .array(z.strictObject({ axes: z.partialRecord(z.enum(AXES), z.string().nullable()), ...figure }))
      .default([])
  })
});

export type Case = z.infer<typeof caseSchema> & { name: string; donnees: GivenRows };

/** The hand-worked cases of one indicator, by file name. Each file begins with the comment that explains its arithmetic. */
export function readCases(indicator: string): Case[] {
  const folder = join(config.root, 'queries', 'indicators', indicator, 'cases');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!text.startsWith('# ')) throw new Error(`${indicator}/${file}: begin with a comment that works out the figures`);
    const parsed = caseSchema.safeParse(parse(text));
    if (!parsed.success) throw new Error(`${indicator}/${file}: ${z.prettifyError(parsed.error)}`);
    return { ...parsed.data, donnees: parsed.data.donnees as GivenRows, name: file.replace('.yaml', '') };
  });
}
