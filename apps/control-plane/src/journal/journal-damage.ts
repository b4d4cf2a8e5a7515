import { JournalDamaged, WitnessContradicted } from '#libs/event-store';
import { CommitRefused } from '#libs/kernel';

/** What an operator reads in one line: what is damaged, where, and what to do. */
export class LogDamaged extends Error {
  constructor(cause: Error, storeFolder: string) {
    super(
      `the log is damaged: ${cause.message}. Its files are below ${storeFolder}. Nothing is written any more: stop Waybill and run \`waybill doctor\``,
    );
    this.name = 'LogDamaged';
  }
}

/** Where the log says something that it cannot say, an error that an operator understands; any other one as it is. */
export function explainedDamage(error: unknown, storeFolder: string): unknown {
  const isDamage =
    error instanceof JournalDamaged || error instanceof WitnessContradicted || error instanceof CommitRefused;
  return isDamage ? new LogDamaged(error, storeFolder) : error;
}
