import type { HistoryEntry } from '#libs/kernel';
import { withWaybill } from '../connection/waybill-connection.ts';
import { withLog } from '../journal/open-log.ts';
import { momentText } from '../moment/moment.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, tableText, writeAnswer } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { readHistory } from './history.ts';

export interface HistoryOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly type?: readonly string[];
  readonly limit?: number;
}

/** `waybill history <arn|name>`. */
export async function history(
  name: string,
  options: HistoryOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { output, type = [], limit = null } = options;
  const entries = await withWaybill(options, env, (connection) =>
    withLog(connection, (log) => readHistory(log, name, { types: type, limit })),
  );
  writeAnswer(terminal, output, {
    json: () => entries.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })),
    table: () => historyTable(entries),
  });
  return EXIT.ok;
}

/** One line an event: when, where in the log, what, who, why, and what it means. */
export function historyTable(entries: readonly HistoryEntry[]): string {
  return tableText(
    ['time', 'revision', 'event', 'who', 'command', 'what'],
    entries.map(({ at, revision, type, principal, source, command, by, summary }) => [
      momentText(at),
      revision,
      type,
      `${principalText(principal)} (${source})`,
      // The command of a caller, and the saga that reacted.
      by === null ? command : `${command}, ${by}`,
      summary,
    ]),
  );
}

const IAM_PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(?:user\/)?(.+)$/;
const ROLE_WITH_ID = /^((?:agent|system:writer):[0-9a-f]{8})[0-9a-f-]{24,}$/;

/** `root` or a user's name for this account's own principals, the beginning of a long id, everybody else as recorded. */
export function principalText(principal: string): string {
  const named = IAM_PRINCIPAL.exec(principal)?.[1];
  if (named !== undefined) return named;
  const shortened = ROLE_WITH_ID.exec(principal)?.[1];
  return shortened === undefined ? principal : `${shortened}…`;
}
