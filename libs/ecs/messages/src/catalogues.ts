import type { DomainEvent, EventCatalogue } from '#libs/kernel';
import { parseShard } from './arn.ts';
import { clusterLifecycleEvents } from './cluster/events.ts';
import { containerInstanceEvents } from './container-instance/events.ts';
import { serviceEvents } from './service/events.ts';
import type { AccountEvent, ClusterEvent } from './shards.ts';
import { taskDefinitionEvents } from './task-definition/events.ts';
import { taskEvents } from './task/events.ts';
import { termEvents } from './term.ts';

/** What the log of a cluster's shard consists of. */
export const CLUSTER_EVENTS: EventCatalogue<ClusterEvent> = {
  ...termEvents,
  ...clusterLifecycleEvents,
  ...containerInstanceEvents,
  ...taskEvents,
  ...serviceEvents,
};

/** What the log of the account's shard consists of. */
export const ACCOUNT_EVENTS: EventCatalogue<AccountEvent> = { ...termEvents, ...taskDefinitionEvents };

/** What the log of a shard consists of, or undefined for one of another context. */
export function eventsOfShard(shard: string): EventCatalogue<DomainEvent> | undefined {
  const parsed = parseShard(shard);
  if (parsed === undefined) return undefined;
  return parsed.cluster === null ? ACCOUNT_EVENTS : CLUSTER_EVENTS;
}
