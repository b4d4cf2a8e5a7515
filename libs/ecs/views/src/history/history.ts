import { eventsOfShard } from '#libs/ecs/messages';
import { upcastCommit } from '#libs/kernel';
import type { Commit, DomainEvent, EventCatalogue, History, HistoryEntry } from '#libs/kernel';
import type { LogEvent } from '../view/commit-view.ts';
import { dispatcher } from '../view/event-handlers.ts';
import type { About, Summary } from './about.ts';
import { clusterSummaries, termSummaries } from './cluster.summaries.ts';
import { containerInstanceSummaries } from './container-instance.summaries.ts';
import { mayTell } from './history-subject.ts';
import type { HistorySubject } from './history-subject.ts';
import { serviceSummaries } from './service.summaries.ts';
import { taskDefinitionSummaries } from './task-definition.summaries.ts';
import { taskSummaries } from './task.summaries.ts';

const summarise = dispatcher<LogEvent, [about: About], Summary>({
  ...termSummaries,
  ...clusterSummaries,
  ...containerInstanceSummaries,
  ...taskSummaries,
  ...serviceSummaries,
  ...taskDefinitionSummaries,
});

/** What the log of a shard consists of, or undefined for one of another context. */
export type EventsOfShard = (shard: string) => EventCatalogue<DomainEvent> | undefined;

/** Writes the history of one subject, commit by commit, from the start of the log. */
export class HistoryFold implements History {
  readonly #subject: HistorySubject;
  readonly #ownTasks = new Set<string>();
  readonly #eventsOf: EventsOfShard;

  constructor(subject: HistorySubject, eventsOf: EventsOfShard = eventsOfShard) {
    this.#subject = subject;
    this.#eventsOf = eventsOf;
  }

  apply(commit: Commit<DomainEvent>, streamRevision: number | null = null): readonly HistoryEntry[] {
    const events = this.#eventsOf(commit.shard);
    if (events === undefined || !mayTell(this.#subject, commit.shard)) return [];
    const entries: HistoryEntry[] = [];
    const about: About = { subject: this.#subject, ownTasks: this.#ownTasks };
    const { shard, revision } = commit;
    let index = 0;
    for (const decision of upcastCommit(commit, events as EventCatalogue<LogEvent>).decisions) {
      const { at, principal, source, command, commandId, correlationId, causationId } = decision;
      const who = { at, principal, source, command, commandId, correlationId, causationId };
      for (const event of decision.events) {
        const summary = summarise(event, about);
        if (summary !== null) {
          const { type, by = null } = event;
          entries.push({ shard, streamRevision, revision, index, type, by, ...who, summary });
        }
        this.#follow(event);
        index += 1;
      }
    }
    return entries;
  }

  /** Keeps track of the tasks that are the subject's: their ends are part of its history. */
  #follow(event: LogEvent): void {
    const subject = this.#subject;
    if (event.type === 'TasksRequested') {
      const { serviceName, deploymentId } = event.template;
      const isOwn =
        (subject.kind === 'service' && serviceName === subject.serviceName) ||
        (subject.kind === 'deployment' && deploymentId === subject.deploymentId);
      if (!isOwn) return;
      for (const taskId of event.taskIds) this.#ownTasks.add(taskId);
    } else if (event.type === 'TasksPlaced') {
      if (subject.kind !== 'container-instance') return;
      for (const { taskId, containerInstanceId } of event.placements)
        if (containerInstanceId === subject.id) this.#ownTasks.add(taskId);
    } else if (event.type === 'TaskPlacementFailed') {
      for (const taskId of event.taskIds) this.#ownTasks.delete(taskId);
    } else if (event.type === 'TaskStopped') {
      this.#ownTasks.delete(event.taskId);
    } else if (event.type === 'TaskStateChanged' && event.lastStatus === 'STOPPED') {
      this.#ownTasks.delete(event.taskId);
    }
  }
}

/** The whole history of a subject in a log. */
export function* historyOf(commits: Iterable<Commit<DomainEvent>>, subject: HistorySubject): Iterable<HistoryEntry> {
  const fold = new HistoryFold(subject);
  for (const commit of commits) yield* fold.apply(commit);
}
