import { ACCOUNT_EVENTS } from '#libs/ecs/messages';
import type {
  AccountEvent,
  RecordedTag,
  RecordedTaskDefinition,
  TaskDefinitionOutput,
  TaskDefinitionStatus,
} from '#libs/ecs/messages';
import { CommitView } from './commit-view.ts';
import { dispatcher } from './event-handlers.ts';
import type { EventHandlers } from './event-handlers.ts';
import { known, PoisonEvent } from './poison-event.ts';
import { mergeTags, withoutTags } from './tags.ts';

/** A task definition revision as it stands. Times in ms. */
export interface TaskDefinitionRecord {
  readonly taskDefinition: RecordedTaskDefinition;
  status: TaskDefinitionStatus;
  readonly registeredAt: number;
  /** The principal's ARN. */
  readonly registeredBy: string;
  deregisteredAt: number | null;
  deleteRequestedAt: number | null;
  tags: readonly RecordedTag[];
  /** The cached wire object, null after a change. */
  output: TaskDefinitionOutput | null;
}

/** All revisions of one family, oldest first; numbers may have gaps but never go back. */
export interface FamilyRecord {
  readonly family: string;
  readonly revisions: TaskDefinitionRecord[];
}

/** The account's shard: task definitions. */
export class AccountView extends CommitView<AccountEvent> {
  readonly families = new Map<string, FamilyRecord>();
  #familyNames: readonly string[] | null = null;

  constructor(shard: string) {
    super(shard, ACCOUNT_EVENTS);
  }

  /** All family names in alphabetical order. */
  get familyNames(): readonly string[] {
    this.#familyNames ??= [...this.families.keys()].sort();
    return this.#familyNames;
  }

  taskDefinition(family: string, revision: number): TaskDefinitionRecord | undefined {
    const revisions = this.families.get(family)?.revisions;
    // Revisions are numbered from 1 without gaps as long as none is dropped: look there first.
    const guess = revisions?.[revision - 1];
    if (guess?.taskDefinition.revision === revision) return guess;
    return revisions?.find((record) => record.taskDefinition.revision === revision);
  }

  /** What a bare family name means: its newest ACTIVE revision. */
  latestActive(family: string): TaskDefinitionRecord | undefined {
    return this.families.get(family)?.revisions.findLast((record) => record.status === 'ACTIVE');
  }

  override viewContent(): object {
    const revisions = [...this.families.values()].flatMap((family) => family.revisions);
    return {
      shard: this.shard,
      revision: this.revision,
      // `canonicalJson` leaves members without a value out: what was asked of a view is no part of what it holds.
      taskDefinitions: revisions.map((record) => ({ ...record, output: undefined })),
    };
  }

  /** A revision that is new to the view. */
  add(record: TaskDefinitionRecord): void {
    const { family, revision } = record.taskDefinition;
    let known = this.families.get(family);
    if (known === undefined) {
      known = { family, revisions: [] };
      this.families.set(family, known);
      this.#familyNames = null;
    }
    const last = known.revisions.at(-1)?.taskDefinition.revision ?? 0;
    if (revision <= last) throw new PoisonEvent(`task definition ${family}:${revision} follows revision ${last}`);
    known.revisions.push(record);
  }

  protected override applyEvent(event: AccountEvent, at: number): void {
    foldAccountEvent(event, this, at);
  }

  /** Revisions stay readable until the log says otherwise. */
  protected override timePassed(): void {}
}

function changed(view: AccountView, family: string, revision: number): TaskDefinitionRecord {
  const record = known(view.taskDefinition(family, revision), 'task definition', `${family}:${revision}`);
  record.output = null;
  return record;
}

const folds: EventHandlers<AccountEvent, [view: AccountView, at: number], void> = {
  TermStarted: () => {},
  TaskDefinitionRegistered: ({ taskDefinition, tags, registeredBy }, view, at) => {
    view.add({
      taskDefinition,
      status: 'ACTIVE',
      registeredAt: at,
      registeredBy,
      deregisteredAt: null,
      deleteRequestedAt: null,
      tags,
      output: null,
    });
  },
  TaskDefinitionDeregistered: ({ family, revision }, view, at) => {
    const record = changed(view, family, revision);
    record.status = 'INACTIVE';
    record.deregisteredAt = at;
  },
  TaskDefinitionDeletionRequested: ({ family, revision }, view, at) => {
    const record = changed(view, family, revision);
    record.status = 'DELETE_IN_PROGRESS';
    record.deleteRequestedAt = at;
  },
  TaskDefinitionTagged: ({ family, revision, tags }, view) => {
    const record = changed(view, family, revision);
    record.tags = mergeTags(record.tags, tags);
  },
  TaskDefinitionUntagged: ({ family, revision, tagKeys }, view) => {
    const record = changed(view, family, revision);
    record.tags = withoutTags(record.tags, tagKeys);
  },
};

const foldAccountEvent = dispatcher(folds);
