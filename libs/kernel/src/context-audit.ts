import type { Commit } from './commit.ts';
import type { ContextViews, Locale } from './context-views.ts';
import type { CommandSource } from './decider.ts';
import type { DomainEvent } from './event.ts';

/*
 * How the log of a context is read: whose a shard is, what its facts mean in plain words, and what was there at some moment.
 * All of it is folds of commits that were upcast before.
 */

/** One event that touched a subject: who, when, why, and what it means in plain words. */
export interface HistoryEntry {
  readonly shard: string;
  /** The journal's own sequence where the reader knows it: compare with it, never count. */
  readonly streamRevision: number | null;
  readonly revision: number;
  /** Position of the event in its commit, from 0. */
  readonly index: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly type: string;
  readonly principal: string;
  readonly source: CommandSource;
  readonly command: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** The saga that reacted; null when the event followed from the command itself. */
  readonly by: string | null;
  readonly summary: string;
}

/** The history of one subject, commit by commit, from the start of the log. */
export interface History {
  /**
   * The entries of the next commit, of whatever shard, in order.
   * @throws EventUnknown for an event that this version does not know
   */
  apply(commit: Commit<DomainEvent>, streamRevision?: number | null): readonly HistoryEntry[];
}

/** A thing whose history can be asked for. */
export interface AuditSubject {
  /** The one shard that knows everything about it; null: several do, so all are read. */
  readonly shard: string | null;
  history(): History;
}

/** Finds what a name that is not an ARN may mean. Reads the log from its start and remembers whatever fits. */
export interface SubjectSearch {
  apply(commit: Commit<DomainEvent>): void;
  /** Everything that the name may mean, by its ARN or its id, in the order in which the log made them. */
  readonly found: ReadonlyMap<string, AuditSubject>;
}

/** A cell of a table for people; a moment is in ms since the epoch. */
export type PictureCell = string | number | null | { readonly ms: number };

/** Things of one kind as views have them: what there was at some moment. */
export interface Picture<Views extends ContextViews = ContextViews> {
  /** As people ask for it, e.g. `container-instances`. */
  readonly name: string;
  /** The member of the API's response that lists them. */
  readonly member: string;
  readonly headings: readonly string[];
  /** Whether rows name the part of the installation by themselves. */
  readonly namesPart: boolean;
  /** The API's own objects. `all`: also what had ended by then and was still described. */
  outputs(views: Views, shard: string, all: boolean): readonly object[];
  rows(views: Views, shard: string, all: boolean): readonly (readonly PictureCell[])[];
}

/** The part of an installation that a shard holds. */
export interface PartOfInstallation {
  /** For example `cluster`. */
  readonly noun: string;
  readonly nameDefault: string;
  /** The name of a shard's part; null for a shard that shows nothing by itself. */
  of(shard: string): string | null;
}

export interface ContextAudit<Views extends ContextViews = ContextViews> {
  /** Where the installation of a shard runs, as far as the name says; undefined for a shard of another context. */
  localeOf(shard: string): Locale | undefined;
  /** What has a history, for people: by its ARN, and by a name of another kind. */
  readonly nouns: { readonly byArn: readonly string[]; readonly byName: readonly string[] };
  /** The subject of an ARN, or undefined. */
  subjectOf(arn: string): AuditSubject | undefined;
  search(name: string): SubjectSearch;
  readonly part: PartOfInstallation;
  readonly pictures: readonly Picture<Views>[];
  /** Hosts that the context's API shows to nobody, for whoever looks after them. Absent: it has none. */
  unlistedHosts?(views: Views): readonly UnlistedHost[];
}

/** A host that works for a part of the installation and that no query names. */
export interface UnlistedHost {
  /** The name of the part. */
  readonly part: string;
  /** What it is for, such as FARGATE. */
  readonly kind: string;
  readonly id: string;
  readonly status: string;
  readonly connected: boolean;
  readonly runningTasks: number;
}
