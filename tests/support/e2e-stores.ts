import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../..', import.meta.url).pathname;
// Workers load the configuration again in processes of their own: the first one chooses the folders for all.
process.env.VIGIE_E2E ??= join(tmpdir(), `vigie-e2e-${process.pid}`);

export interface ServedStore {
  address: string;
  cwd: string;
  /** Settings of the server, and of the command line on the same store. */
  env: Record<string, string>;
}

function served(port: number, name: string): ServedStore {
  const env = {
    PORT: String(port),
    VIGIE_TODAY: '2026-01-15',
    VIGIE_DATA: `${process.env.VIGIE_E2E}-${name}`,
    VIGIE_KEY: 'clef-de-test'
  };
  return { address: `http://127.0.0.1:${port}`, cwd: root, env };
}

/** The demonstration, which tests only read. */
export const DEMO = served(5317, 'demonstration');
/** A store that is empty when the tests begin, for those that import. */
export const EMPTY = served(5318, 'vide');
