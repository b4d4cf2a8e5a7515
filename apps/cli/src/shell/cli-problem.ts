import { EXIT, type ExitCode } from './exit-codes.ts';

/** An expected end of a command: one line for a person that says what to do, and an exit code. No stack trace helps. */
export class CliProblem extends Error {
  readonly exitCode: ExitCode;
  /** Another program's last words, shown below the line. */
  readonly details: readonly string[];

  constructor(message: string, exitCode: ExitCode = EXIT.no, details: readonly string[] = []) {
    super(message);
    this.name = 'CliProblem';
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
