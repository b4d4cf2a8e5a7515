import type { CommitLog } from '#libs/event-store';
import type { AuditSubject, HistoryEntry } from '#libs/kernel';
import { auditedContexts } from '../journal/contexts.ts';
import { commitsOf } from '../journal/log-events.ts';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';

/** Which of the entries are asked for. */
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
  const asked = new Set(types.map((type) => type.toLowerCase()));
  const history = subject.history();
  const entries: HistoryEntry[] = [];
  for await (const { commit, streamRevision } of commitsOf(log, subject.shard)) {
    for (const entry of history.apply(commit, streamRevision)) {
      if (asked.size === 0 || asked.has(entry.type.toLowerCase())) entries.push(entry);
    }
  }
  if (entries.length === 0) {
    const which = asked.size === 0 ? 'no event' : `no event of the type ${types.join(' or ')}`;
    throw new CliProblem(`the log holds ${which} about ${name}`);
  }
  return limit === null ? entries : entries.slice(-limit);
}

async function subjectOf(log: CommitLog, name: string): Promise<AuditSubject> {
  for (const { audit } of auditedContexts) {
    const direct = audit.subjectOf(name);
    if (direct !== undefined) return direct;
  }
  if (name.startsWith('arn:')) throw new CliProblem(`${name} is not the ARN of a ${anyOf('byArn')}`, EXIT.usage);
  const searches = auditedContexts.map(({ audit }) => audit.search(name));
  for await (const { commit } of commitsOf(log, null)) for (const search of searches) search.apply(commit);
  const found = searches.flatMap((search) => [...search.found]);
  const [first, ...others] = found;
  if (first === undefined) throw new CliProblem(`the log knows no ${anyOf('byName')} named ${name}`);
  if (others.length > 0) {
    throw new CliProblem(`${name} may mean ${found.map(([key]) => key).join(', ')}: give one of these ARNs`);
  }
  return first[1];
}

/** `cluster, task or service`: everything that has a history by an ARN, or by another name. */
function anyOf(way: 'byArn' | 'byName'): string {
  const nouns = auditedContexts.flatMap(({ audit }) => audit.nouns[way]);
  return `${nouns.slice(0, -1).join(', ')} or ${nouns.at(-1) ?? ''}`;
}
