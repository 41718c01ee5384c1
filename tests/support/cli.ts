import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, vi } from 'vitest';

export interface Run {
  /** Null when the process was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command of the public interface in a process of its own, as a script would start it. */
export function start(
  store: string,
  args: string[],
  env: Record<string, string> = {}
): { child: ChildProcess; ended: Promise<Run> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/vigie.ts', ...args], {
    env: { ...process.env, VIGIE_DATA: store, VIGIE_TODAY: '2026-01-15', VIGIE_CAF: '94', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Run>((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  return { child, ended };
}

type Runner = (store: string, args: string[], env?: Record<string, string>) => Promise<Run>;

/** Whatever happens, a script never sees a stack nor an unhandled rejection. */
function expectNoStack(run: Run, args: string[]): Run {
  expect(run.stderr, args.join(' ')).not.toMatch(/Échec inattendu|Unhandled|\n {4}at /);
  return run;
}

/** Runs a command to its end, in a process of its own. */
export const vigie: Runner = async (store, args, env) => expectNoStack(await start(store, args, env).ended, args);

let turn: Promise<unknown> = Promise.resolve();
let turns = 0;

/** The same command line in this process, without what starting one costs; one after the other. */
export const vigieHere: Runner = (store, args, env) => {
  const run = turn.then(() => runHere(store, args, env));
  turn = run.catch(() => {});
  return run;
};

async function runHere(store: string, args: string[], env: Record<string, string> = {}): Promise<Run> {
  const run: Run = { code: null, stdout: '', stderr: '' };
  const { argv, exitCode } = process;
  const saved = { ...process.env };
  const heard = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => ((run[name] += String(text)), true))
  );
  try {
    process.argv = [...argv.slice(0, 1), 'vigie', ...args];
    Object.assign(process.env, { VIGIE_DATA: store, VIGIE_TODAY: '2026-01-15', VIGIE_CAF: '94', ...env });
    // Another address is another module: the command line runs again, what it imports is there already.
    await import(/* @vite-ignore */ `../../src/cli/vigie.ts?${turns++}`);
    run.code = Number(process.exitCode);
  } finally {
    Object.assign(process, { argv, exitCode });
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
    for (const spy of heard) spy.mockRestore();
  }
  return expectNoStack(run, args);
}

/** Runs a command that must succeed and gives its JSON; nothing else may be on stdout. */
export async function json<T>(store: string, args: string[], code = 0, runner = vigieHere): Promise<T> {
  const run = await runner(store, [...args, '--format', 'json']);
  expect(run.code, run.stderr).toBe(code);
  return JSON.parse(run.stdout) as T;
}

/** Runs a command that must fail: nothing on stdout, one sentence on stderr. */
export async function fails(
  store: string,
  args: string[],
  code: number,
  told: RegExp,
  env: Record<string, string> = {},
  runner = vigieHere
): Promise<void> {
  const run = await runner(store, args, env);
  expect({ args, ...run }).toEqual({ args, code, stdout: '', stderr: expect.stringMatching(told) as string });
}

/** Runs the works a few at a time: each is a process, and the machine has few processors. */
export async function inTurns<T>(works: (() => Promise<T>)[], atOnce = 3): Promise<void> {
  const left = [...works];
  const worker = async () => {
    for (let work = left.shift(); work; work = left.shift()) await work();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** A folder for the tests of one file, removed after them. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
