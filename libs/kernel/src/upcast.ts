import { CommitRefused } from './commit.ts';
import type { Commit, RecordedDecision } from './commit.ts';
import type { DomainEvent, EventCatalogue, EventVersions, OlderEvent } from './event.ts';

/** A recorded event whose type, or whose version of it, this code does not know: the log belongs to a newer one. */
export class EventUnknown extends CommitRefused {
  constructor({ shard, revision }: Commit<DomainEvent>, why: string) {
    super(shard, revision, why);
    this.name = 'EventUnknown';
  }
}

/**
 * A commit as folds want it: every event in the version of the catalogue. The only place where versions are looked at,
 * for deciders, views, histories and policies alike. A commit that is current already is given back as it is.
 * @throws EventUnknown
 */
export function upcastCommit<Event extends DomainEvent>(
  commit: Commit<DomainEvent>,
  catalogue: EventCatalogue<Event>,
): Commit<Event> {
  const versionsOf = (type: string): EventVersions | undefined =>
    Object.hasOwn(catalogue, type) ? (catalogue as Readonly<Record<string, EventVersions>>)[type] : undefined;
  let isCurrent = true;
  for (const { events } of commit.decisions) {
    for (const { type, v } of events) {
      const known = versionsOf(type);
      if (known === undefined) throw new EventUnknown(commit, `the event type ${type} is unknown to this version`);
      if (v === known.v) continue;
      if (!(v >= 1 && v < known.v)) {
        throw new EventUnknown(
          commit,
          `version ${v} of ${type} is unknown to this version, which knows up to ${known.v}`,
        );
      }
      isCurrent = false;
    }
  }
  if (isCurrent) return commit as Commit<Event>;
  const upcastDecision = (decision: RecordedDecision<DomainEvent>): RecordedDecision<Event> => ({
    ...decision,
    events: decision.events.map((event) => upcast(event, versionsOf(event.type)) as Event),
  });
  return { ...commit, decisions: commit.decisions.map(upcastDecision) };
}

function upcast(event: DomainEvent, known: EventVersions | undefined): DomainEvent {
  let current: OlderEvent = { ...event };
  for (const upcaster of known?.upcasters?.slice(event.v - 1) ?? []) {
    const { v } = current;
    current = { ...upcaster(current), v: v + 1 };
  }
  return current;
}
