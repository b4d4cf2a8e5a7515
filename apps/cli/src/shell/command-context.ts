import type { OutputFormat } from './output.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly home?: string;
  readonly output: OutputFormat;
}

/** What a command works with besides its arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly nowMs: () => number;
}
