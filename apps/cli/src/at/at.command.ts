import type { CommitLog } from '#libs/event-store';
import { withWaybill } from '../connection/waybill-connection.ts';
import { ownerOf } from '../journal/contexts.ts';
import { commitsOf } from '../journal/log-events.ts';
import { withLog } from '../journal/open-log.ts';
import { momentText, parseMoment } from '../moment/moment.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT, type ExitCode } from '../shell/exit-codes.ts';
import { type OutputFormat, writeAnswer } from '../shell/output.ts';
import type { Terminal } from '../shell/terminal.ts';
import { type NamedPicture, pictureNamed, tableOf, wireOf } from './picture.ts';
import { type AsOf, ShardAsOf } from './shard-as-of.ts';

export interface AtOptions {
  readonly home?: string;
  readonly output: OutputFormat;
  readonly cluster?: string;
  /** Also what had ended by then and was still described. */
  readonly all?: boolean;
}

const REVISION = /^\d+$/;

/** `waybill at <revision|moment> <kind>`, the kind by its picture's name. */
export async function at(
  point: string,
  name: string,
  options: AtOptions,
  context: { readonly terminal: Terminal; readonly env: NodeJS.ProcessEnv; readonly nowMs: () => number },
): Promise<ExitCode> {
  const { terminal, env, nowMs } = context;
  const asOf = asOfPoint(point, nowMs());
  const picture = pictureNamed(name);
  // A revision counts one shard's commits; a moment is the same in all.
  const part = options.cluster ?? (asOf.kind === 'revision' ? picture.part.nameDefault : null);
  const folded = await withWaybill(options, env, (connection) =>
    withLog(connection, (log) => foldShards(log, picture, part, asOf)),
  );
  const folds = folded.filter(({ revision }) => revision > 0);
  const all = options.all ?? false;
  writeAnswer(terminal, options.output, {
    json: () => ({ asOf: folds.flatMap(asOfJson), ...wireOf(picture, folds, all) }),
    table: () => [...folds.flatMap(asOfLine), tableOf(picture, folds, all)].join('\n'),
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

/** `part`: null for all of them. */
async function foldShards(
  log: CommitLog,
  { context, part: { noun, of } }: NamedPicture,
  part: string | null,
  asOf: AsOf,
): Promise<readonly ShardAsOf[]> {
  const folds: ShardAsOf[] = [];
  for (const shard of await log.shards()) {
    const owner = ownerOf(shard);
    if (owner?.context.name !== context || of(shard) === null || (part !== null && of(shard) !== part)) continue;
    const fold = new ShardAsOf(shard, owner, asOf);
    for await (const { commit } of commitsOf(log, shard)) {
      fold.apply(commit);
      if (fold.isBeyond) break;
    }
    checkReached(fold, asOf);
    folds.push(fold);
  }
  if (folds.length === 0 && part !== null) throw new CliProblem(`the log knows no ${noun} ${part}`);
  return folds;
}

function checkReached({ shard, revision }: ShardAsOf, asOf: AsOf): void {
  if (asOf.kind === 'revision' && revision < asOf.revision) {
    throw new CliProblem(`the log of ${shard} ends at revision ${revision}`);
  }
}

/** Where each shard's fold came to stand. */
function asOfJson({ shard, revision, at: ms }: ShardAsOf): readonly object[] {
  return ms === null ? [] : [{ shard, revision, at: new Date(ms).toISOString() }];
}

function asOfLine({ shard, revision, at: ms }: ShardAsOf): readonly string[] {
  return ms === null ? [] : [`# ${shard} at revision ${revision}, last changed ${momentText(ms)}`];
}
