import type { ParseArgsConfig } from 'node:util';
import type { Config } from '#lib/server/config.ts';
import type { Output } from './output.ts';

/** One command: how it is called, its options, and what it does. */
export interface Command {
  usage: string;
  options: NonNullable<ParseArgsConfig['options']>;
  /** True when words may follow the options: files, a lot, an indicator. */
  takesArguments?: true;
  run(config: Config, values: Record<string, unknown>, arguments_: string[]): Promise<Output>;
}
