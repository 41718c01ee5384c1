import type { APIRequestContext } from '@playwright/test';
import type { Cell } from '#lib/domain/cell.ts';
import { formatCell } from '#lib/domain/format.ts';
import type { Unit } from '#lib/domain/indicator.ts';

interface Table {
  id: string;
  rows: { header: string; unit: Unit; cells: (string | Cell)[] }[];
}

/** Value of an engagement on the overview, as written there; null when there is none. */
export async function engagement(request: APIRequestContext, label: string): Promise<string | null> {
  const response = await request.get('/?format=json');
  const { tables } = (await response.json()) as { tables: Table[] };
  const row = tables.find(({ id }) => id === 'engagements')?.rows.find(({ header }) => header === label);
  const cell = row?.cells[0];
  return typeof cell === 'object' && cell.kind === 'shown' ? formatCell(cell, row!.unit).replaceAll(/\s/g, ' ') : null;
}
