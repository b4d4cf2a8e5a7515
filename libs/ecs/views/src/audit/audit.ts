import { parseShard } from '#libs/ecs/messages';
import type { AuditSubject, ContextAudit } from '#libs/kernel';
import { historySubject } from '../history/history-subject.ts';
import type { HistorySubject } from '../history/history-subject.ts';
import { HistoryFold } from '../history/history.ts';
import { NameSearch } from '../history/subject-search.ts';
import { DEFAULT_CLUSTER_NAME } from '../queries/resolve-cluster.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { pictures } from './pictures.ts';
import { poolHosts } from './pool-hosts.ts';

const NOUNS = {
  byArn: ['cluster', 'container instance', 'task', 'service', 'task definition revision'],
  byName: ['task', 'container instance', 'service', 'deployment', 'cluster', 'task definition revision'],
};

/** How the log of ECS is read. */
export const audit: ContextAudit<ViewDirectory> = {
  localeOf: (shard) => {
    const parsed = parseShard(shard);
    // The name has no region; views take that of every ARN from the log.
    return parsed && { account: parsed.account, region: '' };
  },
  nouns: NOUNS,
  subjectOf: (arn) => {
    const subject = historySubject(arn);
    return subject && auditSubject(subject);
  },
  search: (name) => {
    const search = new NameSearch(name);
    return {
      apply: (commit) => search.apply(commit),
      get found() {
        return new Map(Array.from(search.found, ([key, subject]) => [key, auditSubject(subject)]));
      },
    };
  },
  part: {
    noun: 'cluster',
    nameDefault: DEFAULT_CLUSTER_NAME,
    of: (shard) => parseShard(shard)?.cluster ?? null,
  },
  pictures,
  unlistedHosts: poolHosts,
};

/** Clusters that use a task definition have their own entries about it; of all else one shard knows everything. */
function auditSubject(subject: HistorySubject): AuditSubject {
  return {
    shard: subject.kind === 'task-definition' ? null : subject.shard,
    history: () => new HistoryFold(subject),
  };
}
