import { EXIT, type ExitCode } from './exit-codes.ts';

/** An expected end of a command: one line for a person that says what to do, and an exit code. No stack trace helps. */
export class CliProblem extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.no, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliProblem';
    this.exitCode = exitCode;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
