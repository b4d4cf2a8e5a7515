import { withWaybill } from '../connection/waybill-connection.ts';
import { withLog } from '../journal/open-log.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, tableText, writeAnswer } from '../shell/output.ts';
import { withProgress } from '../shell/progress.ts';
import { type Terminal, visible } from '../shell/terminal.ts';
import { liveFingerprint } from './live-fingerprint.ts';
import { replay, type ShardReport } from './replay.ts';

export interface ReplayCommandOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly verify?: boolean;
  readonly shard?: string;
}

/** `waybill replay -o json`. */
export interface ReplayReport {
  readonly ok: boolean;
  readonly verified: boolean;
  readonly events: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly shards: readonly ShardReport[];
}

/** `waybill replay`: 0 when the log is whole and, with --verify, folds to the live state and views; 1 when not. */
export async function replayCommand(
  options: ReplayCommandOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<ExitCode> {
  const { verify = false, shard, output } = options;
  const report = await withWaybill(options, env, (connection) =>
    withLog(connection, (log) =>
      withProgress(terminal.isTty && output === 'table', 'reading the log', async (show) => {
        const shards = await log.shards();
        if (shard !== undefined && !shards.includes(shard)) {
          throw new CliProblem(`the log has no shard ${shard}; it has ${shards.join(', ') || 'none'}`);
        }
        const startedMs = performance.now();
        const reports = await replay(log, {
          shards: shard === undefined ? shards : [shard],
          live: verify ? liveFingerprint(connection) : null,
          progress: (name, events) => show(`${name}: ${events} events`),
        });
        return summary(reports, verify, (performance.now() - startedMs) / 1000);
      }),
    ),
  );
  writeAnswer(terminal, output, { json: () => report, table: () => replayText(report) });
  return report.ok ? EXIT.ok : EXIT.no;
}

export function summary(shards: readonly ShardReport[], verified: boolean, seconds: number): ReplayReport {
  const events = shards.reduce((sum, shard) => sum + shard.events, 0);
  return {
    ok: shards.every(({ problems }) => problems.length === 0),
    verified,
    events,
    seconds,
    eventsPerSecond: seconds > 0 ? Math.round(events / seconds) : 0,
    shards,
  };
}

/** The report for people: a line a shard, then whatever is wrong, then the verdict. */
export function replayText({ ok, verified, events, seconds, eventsPerSecond, shards }: ReplayReport): string {
  const rows = shards.map(({ shard, revision, term, events: own, verifiedRevision, problems }) => [
    shard,
    revision,
    term,
    own,
    verifiedRevision === null ? null : `at ${verifiedRevision}`,
    problems.length === 0 ? 'ok' : 'FAILED',
  ]);
  const problems = shards.flatMap((one) => one.problems.map((problem) => `${one.shard}: ${visible(problem)}`));
  const speed = `${events} events in ${seconds.toFixed(2)} s, ${eventsPerSecond} events/s`;
  const good = verified ? 'the log is whole and folds to the live state and views' : 'the log is whole';
  const verdict = ok ? good : `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  return [
    tableText(['shard', 'revision', 'term', 'events', 'compared', 'result'], rows),
    '',
    ...problems,
    `${verdict}: ${speed}`,
  ].join('\n');
}
