import type { APIRequestContext } from '@playwright/test';

interface Table {
  id: string;
  rows: { header: string; cells: (string | { kind: string })[] }[];
}

/** Value of an engagement on the overview, as written there; null when there is none. */
export async function engagement(request: APIRequestContext, label: string): Promise<string | null> {
  const response = await request.get('/?format=json');
  const { tables } = (await response.json()) as { tables: Table[] };
  const row = tables.find(({ id }) => id === 'engagements')?.rows.find(({ header }) => header === label);
  const value = row?.cells[0];
  return typeof value === 'string' ? value.replaceAll(/\s/g, ' ') : null;
}
