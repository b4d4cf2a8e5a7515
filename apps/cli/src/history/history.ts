import type { CommitLog } from '#libs/event-store';
import { type HistoryEntry, HistoryFold, historySubject, type HistorySubject } from '#libs/ecs/views';
import { commitsOf } from '../journal/log-events.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import { SubjectSearch } from './subject-search.ts';

/** Which of the entries are wanted. */
export interface HistoryFilter {
  /** Event types, in whatever case; empty: all. */
  readonly types: readonly string[];
  /** The newest ones only. */
  readonly limit: number | null;
}

/**
 * Every event that touched something, oldest first.
 * @param name an ARN, or a name that the log makes out to mean exactly one thing
 * @throws CliProblem when it names nothing, or several things
 */
export async function readHistory(
  log: CommitLog,
  name: string,
  { types, limit }: HistoryFilter,
): Promise<readonly HistoryEntry[]> {
  const subject = await subjectOf(log, name);
  const wanted = new Set(types.map((type) => type.toLowerCase()));
  const fold = new HistoryFold(subject);
  const entries: HistoryEntry[] = [];
  for await (const { commit, streamRevision } of commitsOf(log, shardOf(subject))) {
    for (const entry of fold.apply(commit, streamRevision)) {
      if (wanted.size === 0 || wanted.has(entry.type.toLowerCase())) entries.push(entry);
    }
  }
  if (entries.length === 0) {
    const which = wanted.size === 0 ? 'no event' : `no event of the type ${types.join(' or ')}`;
    throw new CliProblem(`the log holds ${which} about ${name}`);
  }
  return limit === null ? entries : entries.slice(-limit);
}

/** Clusters that use a task definition have their own entries about it; of all else one shard knows everything. */
function shardOf(subject: HistorySubject): string | null {
  return subject.kind === 'task-definition' ? null : subject.shard;
}

async function subjectOf(log: CommitLog, name: string): Promise<HistorySubject> {
  const direct = historySubject(name);
  if (direct !== undefined) return direct;
  if (name.startsWith('arn:')) {
    throw new CliProblem(
      `${name} is no ARN of a cluster, container instance, task, service or task definition revision`,
      EXIT.usage,
    );
  }
  const search = new SubjectSearch(name);
  for await (const { commit } of commitsOf(log, null)) search.apply(commit);
  const [subject, ...others] = search.found.values();
  if (subject === undefined) {
    throw new CliProblem(
      `the log knows no task, container instance, service, deployment, cluster or task definition revision named ${name}`,
    );
  }
  if (others.length > 0) {
    throw new CliProblem(`${name} may mean ${[...search.found.keys()].join(', ')}: give one of these ARNs`);
  }
  return subject;
}
