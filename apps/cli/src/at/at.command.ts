import { parseShard } from '#libs/ecs/messages';
import type { CommitLog } from '#libs/event-store';
import type { ClusterView } from '#libs/ecs/views';
import { withWaybill } from '../connection/waybill-connection.ts';
import { commitsOf } from '../journal/log-events.ts';
import { withLog } from '../journal/open-log.ts';
import { momentText, parseMoment } from '../moment/moment.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, writeAnswer } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { type AsOf, ClusterAsOf } from './cluster-as-of.ts';
import type { Kind } from './kinds.ts';
import { tableOf, wireOf } from './rows.ts';

export interface AtOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly cluster?: string;
  /** Also what had ended by then and was still described. */
  readonly all?: boolean;
}

const REVISION = /^\d+$/;
const DEFAULT_CLUSTER = 'default';

/** `waybill at <revision|moment> <kind>`. */
export async function at(
  point: string,
  kind: Kind,
  options: AtOptions,
  context: { readonly terminal: Terminal; readonly env: NodeJS.ProcessEnv; readonly nowMs: () => number },
): Promise<ExitCode> {
  const { terminal, env, nowMs } = context;
  const asOf = asOfPoint(point, nowMs());
  // A revision counts one cluster's commits; a moment is the same in all.
  const cluster = options.cluster ?? (asOf.kind === 'revision' ? DEFAULT_CLUSTER : null);
  const folded = await withWaybill(options, env, (connection) =>
    withLog(connection, (log) => foldClusters(log, cluster, asOf)),
  );
  const views = folded.flatMap(({ view }) => (view === undefined ? [] : [view]));
  const all = options.all ?? false;
  writeAnswer(terminal, options.output, {
    json: () => ({ asOf: folded.flatMap(asOfJson), ...wireOf(kind, views, all) }),
    table: () => [...folded.flatMap(asOfLine), tableOf(kind, views, all)].join('\n'),
  });
  return EXIT.ok;
}

/** A plain number is a revision of the cluster's shard, everything else a moment. @throws CliProblem */
export function asOfPoint(point: string, nowMs: number): AsOf {
  if (!REVISION.test(point)) return { kind: 'moment', atMs: parseMoment(point, nowMs) };
  const revision = Number(point);
  if (revision === 0) throw new CliProblem('revisions are counted from 1', EXIT.usage);
  return { kind: 'revision', revision };
}

async function foldClusters(log: CommitLog, cluster: string | null, asOf: AsOf): Promise<readonly ClusterAsOf[]> {
  const shards = (await log.shards()).filter((shard) => {
    const name = parseShard(shard)?.cluster ?? null;
    return name !== null && (cluster === null || name === cluster);
  });
  if (shards.length === 0 && cluster !== null) throw new CliProblem(`the log knows no cluster ${cluster}`);
  const folds: ClusterAsOf[] = [];
  for (const shard of shards) {
    const fold = new ClusterAsOf(shard, asOf);
    for await (const { commit } of commitsOf(log, shard)) {
      fold.apply(commit);
      if (fold.isBeyond) break;
    }
    checkReached(shard, fold.view, asOf);
    folds.push(fold);
  }
  return folds;
}

function checkReached(shard: string, view: ClusterView | undefined, asOf: AsOf): void {
  const revision = view?.revision ?? 0;
  if (asOf.kind === 'revision' && revision < asOf.revision) {
    throw new CliProblem(`the log of ${shard} ends at revision ${revision}`);
  }
}

/** Where each cluster's fold came to stand. */
function asOfJson({ view, at: ms }: ClusterAsOf): readonly object[] {
  if (view === undefined || ms === null) return [];
  return [{ shard: view.shard, revision: view.revision, at: new Date(ms).toISOString() }];
}

function asOfLine({ view, at: ms }: ClusterAsOf): readonly string[] {
  if (view === undefined || ms === null) return [];
  return [`# ${view.shard} at revision ${view.revision}, last changed ${momentText(ms)}`];
}
