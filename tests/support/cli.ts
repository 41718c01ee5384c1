import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';

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

/** Runs a command to its end. Whatever happens, a script never sees a stack nor an unhandled rejection. */
export async function vigie(store: string, args: string[], env: Record<string, string> = {}): Promise<Run> {
  const run = await start(store, args, env).ended;
  expect(run.stderr, args.join(' ')).not.toMatch(/Échec inattendu|Unhandled|\n {4}at /);
  return run;
}

/** Runs a command that must succeed and gives its JSON; nothing else may be on stdout. */
export async function json<T>(store: string, args: string[], code = 0): Promise<T> {
  const run = await vigie(store, [...args, '--format', 'json']);
  expect(run.code, run.stderr).toBe(code);
  return JSON.parse(run.stdout) as T;
}

/** Runs a command that must fail: nothing on stdout, one sentence on stderr. */
export async function fails(
  store: string,
  args: string[],
  code: number,
  told: RegExp,
  env: Record<string, string> = {}
): Promise<void> {
  const run = await vigie(store, args, env);
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
