import { parseArgs } from 'node:util';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { readConfig } from '#lib/server/config.ts';
import type { Command } from './command.ts';
import { FORMATS, print } from './output.ts';

/** Each loaded when it is called: a script pays only for the command it runs. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  demo: async () => (await import('./demo.ts')).demo,
  import: async () => (await import('./import.ts')).importer,
  imports: async () => (await import('./imports.ts')).imports,
  annuler: async () => (await import('./annuler.ts')).annuler,
  purger: async () => (await import('./purger.ts')).purger,
  indicateurs: async () => (await import('./indicateurs.ts')).indicateurs,
  indicateur: async () => (await import('./indicateur.ts')).indicateur,
  verifier: async () => (await import('./verifier.ts')).verifier
};

async function help(): Promise<string> {
  const commands = Object.entries(COMMANDS).map(async ([name, load]) => `  ${name} ${(await load()).usage}`.trimEnd());
  const lines = await Promise.all(commands);
  return `Usage : vigie <commande> [options] [--format json|csv|table]\n\n${lines.join('\n')}\n`;
}

/** Runs one command line and returns its exit code: 0 done, 1 refused or failed, 2 bad usage. */
async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === 'aide') {
    process.stderr.write(await help());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]!() : null;
  if (!command) throw new BadRequest(`La commande « ${name} » n'existe pas.`, Object.keys(COMMANDS));
  const { values, positionals } = parse(command, rest);
  const format = requireOneOf('format', String(values.format), FORMATS);
  const output = await command.run(readConfig(), values, positionals);
  await print(output, format);
  return output.code ?? 0;
}

function parse(command: Command, args: string[]): { values: Record<string, unknown>; positionals: string[] } {
  const options: Command['options'] = { ...command.options, format: { type: 'string', default: 'table' } };
  try {
    const { values, positionals, tokens } = parseArgs({ args, options, allowPositionals: true, tokens: true });
    refuseRepeated(
      options,
      tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
    );
    if (positionals.length > 0 && !command.takesArguments) {
      throw new BadRequest(`Argument inattendu : « ${positionals[0]} ».`);
    }
    return { values, positionals };
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    const option = /'(-[^' ]+)/.exec((error as Error).message)?.[1] ?? '';
    throw new BadRequest(
      `L'option « ${option} » est inconnue ou mal écrite.`,
      [...Object.keys(command.options), 'format'].map((key) => `--${key}`)
    );
  }
}

/** Of an option given twice only the last would count: the user meant something else. */
function refuseRepeated(options: Command['options'], given: string[]): void {
  const twice = given.find((name, index) => !options[name]?.multiple && given.indexOf(name) < index);
  if (twice !== undefined) throw new BadRequest(`L'option --${twice} est donnée deux fois.`);
}

/** What the system refused: a full disk, a folder without the right to write in it. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function explain(error: unknown): number {
  if (error instanceof BadRequest) {
    const allowed = error.allowed.length > 0 ? `\nValeurs admises : ${error.allowed.join(', ')}.` : '';
    process.stderr.write(`${error.message}${allowed}\n`);
    return 2;
  }
  if (error instanceof Refused) process.stderr.write(`${error.message}\n`);
  else if (isSystemError(error)) {
    process.stderr.write(
      `Le système a refusé (${error.code}) : ${error.path ?? error.message}. Vérifiez ce chemin, vos droits et la place libre.\n`
    );
  } else process.stderr.write(`Échec inattendu : ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);
