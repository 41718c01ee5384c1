import type { ExtractType } from '#lib/domain/extracts.ts';
import type { DateOrder, ImportProfile } from '#lib/domain/import-profile.ts';
import type { ContextAnswers } from '#lib/server/extracts/context/shape.ts';
import type { Encoding } from '#lib/server/extracts/source-bytes.ts';

/** What the user says of how to read a table; what is left out is recognised. */
export interface ReadingChoices {
  type?: ExtractType;
  /** Columns, values and constants, as a saved profile or the assistant gives them. */
  profile?: ImportProfile;
  /** Order of day and month in dates such as 03/04/2025. */
  dates?: DateOrder;
  encoding?: Encoding;
  separator?: string;
  /** Physical line on which the header ends, from 1. */
  headerLine?: number;
  /** What a public file of context does not say of itself. */
  context?: ContextAnswers;
  /** Nobody can be asked: what the name of a file of context proposes is taken. */
  takesProposals?: boolean;
}
