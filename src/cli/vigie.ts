import { parseArgs } from 'node:util';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';
import { requireOneOf } from '#lib/domain/filters.ts';
import { readConfig } from '#lib/server/config.ts';
import { annuler } from './annuler.ts';
import type { Command } from './command.ts';
import { demo } from './demo.ts';
import { importer } from './import.ts';
import { imports } from './imports.ts';
import { indicateur } from './indicateur.ts';
import { indicateurs } from './indicateurs.ts';
import { FORMATS, print } from './output.ts';
import { purger } from './purger.ts';
import { verifier } from './verifier.ts';

const COMMANDS: Record<string, Command> = {
  demo,
  import: importer,
  imports,
  annuler,
  purger,
  indicateurs,
  indicateur,
  verifier
};

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, command]) => `  ${name} ${command.usage}`);
  return `Usage : vigie <commande> [options] [--format json|csv|table]\n\n${lines.join('\n')}\n`;
}

/** Runs one command line and returns its exit code: 0 done, 1 refused or failed, 2 bad usage. */
async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === 'aide') {
    process.stderr.write(help());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS[requireOneOf('commande', name, Object.keys(COMMANDS))]!;
  const { values, positionals } = parse(command, rest);
  const format = requireOneOf('format', String(values.format), FORMATS);
  const output = await command.run(readConfig(), values, positionals);
  print(output, format);
  return output.code ?? 0;
}

function parse(command: Command, args: string[]): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({
      args,
      options: { ...command.options, format: { type: 'string', default: 'table' } },
      allowPositionals: true
    });
  } catch (error) {
    const option = /'(-[^' ]+)/.exec((error as Error).message)?.[1] ?? '';
    throw new BadRequest(
      `L'option « ${option} » est inconnue ou mal écrite.`,
      [...Object.keys(command.options), 'format'].map((key) => `--${key}`)
    );
  }
}

function explain(error: unknown): number {
  if (error instanceof BadRequest) {
    const allowed = error.allowed.length > 0 ? `\nValeurs admises : ${error.allowed.join(', ')}.` : '';
    process.stderr.write(`${error.message}${allowed}\n`);
    return 2;
  }
  if (error instanceof Refused) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`Échec inattendu : ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(explain);
