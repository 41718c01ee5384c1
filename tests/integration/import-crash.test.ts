import { spawn } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { importFiles } from '#lib/server/extracts/importer.ts';
import { checkBatches } from '#lib/server/extracts/check.ts';
import { listLots } from '#lib/server/extracts/journal.ts';
import { byDay } from '../support/nightly.ts';
import { RDV, rdv, table, TestStore } from '../support/store.ts';

const ROWS = 40_000;
const big = table(RDV, ...Array.from({ length: ROWS }, (_, i) => rdv(`R${i}`)));

/** Runs the child; resolves with what it printed and how it ended. `onLine` sees each step as it is announced. */
function child(
  store: TestStore,
  path: string,
  { limitKb, fatalStep = '' }: { limitKb?: number; fatalStep?: string },
  onLine: (line: string, kill: () => void) => void
) {
  const command = `${limitKb ? `ulimit -f ${limitKb}; ` : ''}exec node --import tsx tests/support/import-child.ts "${path}" ${fatalStep}`;
  const env = { ...process.env, VIGIE_DATA: store.config.store };
  const running = spawn('bash', ['-c', command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  running.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    for (const line of data.toString().trim().split('\n')) onLine(line, () => running.kill('SIGKILL'));
  });
  running.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise<{ output: string; code: number | null; killed: boolean }>((done) =>
    running.on('close', (code, signal) => done({ output, code, killed: signal === 'SIGKILL' }))
  );
}

/** A store with a lot. */
async function storeBefore(): Promise<TestStore> {
  const store = new TestStore();
  await store.accept('avant.csv', table(RDV, rdv('avant')));
  return store;
}

/** The store is whole: the pointer's batches are, and the next writer removes what the dead one left. */
async function expectWhole(store: TestStore, lots: number) {
  expect(listLots(store.config)).toHaveLength(lots);
  expect(await checkBatches(store.config, listLots(store.config))).toEqual([]);
  await store.accept('apres.csv', table(RDV, rdv('apres')));
  const known = listLots(store.config).map(({ lot }) => lot);
  expect(readdirSync(join(store.config.store, 'batches')).sort()).toEqual(known.sort());
}

it('is before or after when killed at any moment', { timeout: 170_000 }, async () => {
  // Null: exactly when the step begins; else so many milliseconds later, wherever that falls.
  const moments: [string, number | null][] = [
    ['lecture', null],
    ['controle', null],
    ['ecriture', null],
    ['ecriture', 20],
    ['publication', null]
  ];
  const moreAtNight: typeof moments = [
    ['lecture', 40],
    ['ecriture', 60],
    ['publication', 3]
  ];
  const before = await storeBefore();
  for (const [step, delay] of [...moments, ...byDay([], moreAtNight)]) {
    const store = new TestStore();
    cpSync(before.config.store, store.config.store, { recursive: true });
    // UTF-16, so that there is also a temporary copy to be left behind.
    const path = store.write('grand.csv', Buffer.from('\ufeff' + big, 'utf16le'));
    const fatalStep = delay === null ? step : undefined;
    const result = await child(store, path, { fatalStep }, (line, kill) => {
      if (delay !== null && line === step) void sleep(delay).then(kill);
    });
    const lots = listLots(store.config);
    expect(lots.length === 1 || (lots.length === 2 && lots[1]!.acceptees === ROWS)).toBe(true);
    if (delay === null) expect({ ...result, lots: lots.length }).toMatchObject({ killed: true, lots: 1 });
    await expectWhole(store, lots.length);
  }
});

it('leaves the store as before when the disk is full', { timeout: 100_000 }, async () => {
  for (const [content, limitKb] of [
    [Buffer.from('\ufeff' + big, 'utf16le'), 200], // the temporary copy does not fit
    [Buffer.from(big), 60] // the batch does not fit
  ] as const) {
    const store = await storeBefore();
    const path = store.write('grand.csv', content);
    const result = await child(store, path, { limitKb }, () => {});
    expect(result.output).not.toMatch(/fini/);
    expect(result.output).toMatch(/Le disque est plein/);
    expect(result.code).not.toBe(0);
    await expectWhole(store, 1);
  }
});

it('leaves the store as before when publishing fails', async () => {
  const store = await storeBefore();
  const before = [...store.files().keys()].sort();
  const publish = () => Promise.reject(new Error('entrepôt impossible'));
  const files = [{ path: store.write('b.csv', table(RDV, rdv('R2'))), name: 'b.csv' }];
  await expect(importFiles({ ...store.context, publish }, files)).rejects.toThrow('entrepôt impossible');
  expect([...store.files().keys()].sort()).toEqual(before);
});

it('stops when asked, and says so', async () => {
  const store = new TestStore();
  const stop = new AbortController();
  const files = [{ path: store.write('b.csv', big), name: 'b.csv' }];
  const onProgress = ({ etape }: { etape: string }) => etape === 'controle' && stop.abort();
  await expect(importFiles({ ...store.context, onProgress, signal: stop.signal }, files)).rejects.toThrow(/annulé/);
  expect([...store.files().keys()]).toEqual(['ecriture.lock']);
});
