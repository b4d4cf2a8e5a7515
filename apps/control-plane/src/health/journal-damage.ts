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

/** The log says something that it cannot say: trying again does not help, and going on would make it worse. */
export function isDamage(error: unknown): error is Error {
  return error instanceof JournalDamaged || error instanceof WitnessContradicted || error instanceof CommitRefused;
}
