import { agentUser, joiningUser, joinedUser, type NatsUser } from '#libs/platform';
import type { HostRecord } from './host-records.ts';

/**
 * The NATS users that the hosts have at a moment: one that may use its token while that is good, and an agent's once it
 * was used. The first stays beside the second until the token expires, so that another machine that tries the same token
 * learns why it is refused.
 */
export function hostUsers(hosts: readonly HostRecord[], now: number): readonly NatsUser[] {
  return hosts.flatMap(({ instanceId, cluster, tokenExpiresAt, joined }) => [
    ...(tokenExpiresAt > now ? [joiningUser(instanceId)] : []),
    ...(joined === null ? [] : [agentUser(cluster, instanceId), joinedUser(instanceId)]),
  ]);
}

/** A token that was not used in time: nothing of the host is kept. */
export function isForgotten({ tokenExpiresAt, joined }: HostRecord, now: number): boolean {
  return joined === null && tokenExpiresAt <= now;
}

/** When the users change by time alone; null: never. */
export function nextExpiry(hosts: readonly HostRecord[], now: number): number | null {
  const coming = hosts.map(({ tokenExpiresAt }) => tokenExpiresAt).filter((at) => at > now);
  return coming.length === 0 ? null : Math.min(...coming);
}
