import type { ExtractContract } from '#lib/domain/extracts.ts';
import type { Dialect } from '#lib/server/demo/dialects.ts';
import { earlierDate, impossibleDate, type CellValue } from '#lib/server/demo/french-cells.ts';
import type { Random } from '#lib/server/demo/random.ts';

export type FileRow = Record<string, CellValue>;

/** Spoils one cell of a written row; null when the type has no such column. */
type Fault = (cells: string[], row: FileRow, contract: ExtractContract, dialect: Dialect) => string[] | null;

function replaced(
  cells: string[],
  contract: ExtractContract,
  name: string | undefined,
  value: string
): string[] | null {
  const index = contract.colonnes.findIndex((column) => column.nom === name);
  return index < 0 ? null : cells.with(index, value);
}

const badDate: Fault = (cells, row, contract, dialect) => {
  const name = contract.colonnes.find((column) => column.genre === 'date' && column.requis)?.nom;
  return name ? replaced(cells, contract, name, impossibleDate(String(row[name]), dialect.dates)) : null;
};

const unknownCode: Fault = (cells, _row, contract) => {
  const name = contract.colonnes.find((column) => column.genre === 'code' && column.requis)?.nom;
  return replaced(cells, contract, name, 'à préciser');
};

const missingKey: Fault = (cells, _row, contract) => replaced(cells, contract, contract.cle[0], '');

const endBeforeStart: Fault = (cells, row, contract, dialect) => {
  if (!contract.ordre?.[0]) return null;
  const [start, end] = contract.ordre[0];
  return replaced(cells, contract, end, earlierDate(String(row[start]), dialect.dates));
};

const badNumber: Fault = (cells, _row, contract) => {
  const name = contract.colonnes.find((column) => column.genre === 'decimal' || column.genre === 'entier')?.nom;
  return replaced(cells, contract, name, '-30');
};

const FAULTS = [badDate, unknownCode, missingKey, endBeforeStart, badNumber];

/** A copy of the written row that no import should accept, under a key of its own. */
export function faultyCopy(
  cells: string[],
  row: FileRow,
  contract: ExtractContract,
  dialect: Dialect,
  random: Random
): string[] {
  const key = contract.cle[0] as string;
  const copy = contract.cle.length > 1 ? cells : (replaced(cells, contract, key, `${String(row[key])}-X`) ?? cells);
  const faulty = FAULTS.map((fault) => fault(copy, row, contract, dialect)).filter((result) => result !== null);
  return random.pick(faulty);
}
