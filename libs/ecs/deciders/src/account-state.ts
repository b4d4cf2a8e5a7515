import type { RecordedTag, TaskDefinitionStatus } from '#libs/ecs/messages';

/** Everything the decisions of an account need: which revisions exist, and what may be done with them. */
export interface AccountState {
  readonly shard: string;
  term: number;
  /** 12 digits. */
  readonly account: string;
  readonly families: Map<string, FamilyState>;
}

export interface FamilyState {
  /** The highest revision that ever was; numbers are never used again, also after a deletion. */
  highestRevision: number;
  readonly revisions: Map<number, RevisionState>;
}

export interface RevisionState {
  status: TaskDefinitionStatus;
  tags: readonly RecordedTag[];
}

/** The revision, or undefined when it was never registered. */
export function revisionOf(state: AccountState, family: string, revision: number): RevisionState | undefined {
  return state.families.get(family)?.revisions.get(revision);
}
