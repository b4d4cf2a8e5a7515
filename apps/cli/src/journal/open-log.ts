import { JournalRefused, openAuditLog } from '#libs/event-store-jetstream';
import { type CommitLog, JournalDamaged, StoreUnavailable } from '#libs/event-store';
import type { WaybillConnection } from '../connection/waybill-connection.ts';
import { CliProblem, messageOf } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';

/** Lets some work read the log. @throws CliProblem when it cannot be read, or is damaged */
export async function withLog<T>(connection: WaybillConnection, work: (log: CommitLog) => Promise<T>): Promise<T> {
  try {
    return await work(await openAuditLog(await connection.connectAuditor()));
  } catch (error) {
    if (error instanceof StoreUnavailable) {
      throw new CliProblem(`the log cannot be read: ${messageOf(error)}`, EXIT.unreachable);
    }
    if (error instanceof JournalRefused) throw new CliProblem(messageOf(error));
    if (error instanceof JournalDamaged) throw new CliProblem(`the log is damaged: ${messageOf(error)}`);
    throw error;
  }
}
