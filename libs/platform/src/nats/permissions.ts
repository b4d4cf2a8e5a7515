import {
  AGENT_LEAVES,
  agents,
  audit,
  commands,
  events,
  eventStream,
  FOLLOWER,
  hosts,
  inboxes,
  journal,
  metrics,
  ROOT_PRINCIPAL,
  shards,
} from '#libs/subjects';
import { EVERY_STRUCTURED_EVENT, FOLLOWER_REQUESTS, type NatsAccount } from './accounts.ts';

/** What one NATS user may do; NATS wildcards allowed. `deny` wins over `allow`. */
export interface NatsPermissions {
  readonly publish: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[]; readonly deny: readonly string[] };
}

/** A user of the nats-server: its name, its account, what it may do, and the inbox prefix under which it must await answers. */
export interface NatsUser {
  readonly name: string;
  readonly account: NatsAccount;
  readonly inboxPrefix: string;
  readonly permissions: NatsPermissions;
}

/**
 * A user that may send these can edit or destroy the record (ADR-2 and the advisories of 2025 and 2026). No user has them;
 * `waybill doctor` repairs with the product stopped.
 */
const DENIED_TO_ALL = [
  '$JS.API.STREAM.UPDATE.>',
  '$JS.API.STREAM.DELETE.>',
  '$JS.API.STREAM.PURGE.>',
  '$JS.API.STREAM.MSG.DELETE.>',
  '$JS.API.STREAM.RESTORE.>',
  '$JS.API.STREAM.SNAPSHOT.>',
  '$JS.API.STREAM.PEER.>',
  '$JS.API.ACCOUNT.>',
  '$JS.API.SERVER.>',
  '$JS.API.META.>',
];

interface UserSubjects {
  readonly name: string;
  readonly account: NatsAccount;
  readonly inboxPrefix: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Never `allow_responses`: it lets a user publish to any reply subject that a caller chose, in spite of every `deny`. */
const user = ({ name, account, inboxPrefix, publish, subscribe }: UserSubjects): NatsUser => ({
  name,
  account,
  inboxPrefix,
  permissions: {
    publish: { allow: publish, deny: DENIED_TO_ALL },
    subscribe: { allow: [...subscribe, `${inboxPrefix}.>`], deny: [] },
  },
});

/**
 * The control plane's own side: the only user that may write the journal. It creates streams and buckets, never alters
 * them, sends commands to other control planes, and publishes directives and events. It receives nothing from clients.
 */
export function controlPlaneUser(): NatsUser {
  return user({
    name: 'control-plane',
    account: 'WAYBILL',
    inboxPrefix: inboxes.controlPlane,
    publish: [
      journal.all,
      shards.everyCommand,
      agents.assign('*', '*'),
      events.every,
      EVERY_STRUCTURED_EVENT,
      eventStream.create,
      eventStream.update,
      '$KV.>',
      '$JS.API.INFO',
      '$JS.API.STREAM.CREATE.>',
      '$JS.API.STREAM.INFO.>',
      '$JS.API.STREAM.NAMES',
      '$JS.API.STREAM.LIST',
      '$JS.API.STREAM.MSG.GET.>',
      '$JS.API.DIRECT.GET.>',
      '$JS.API.CONSUMER.>',
      `${inboxes.controlPlane}.>`,
    ],
    subscribe: [shards.everyCommand, '$KV.>'],
  });
}

/** The control plane's other side: it takes the requests of clients and may publish nothing but responses to inboxes. */
export function gatewayUser(): NatsUser {
  return user({
    name: 'control-plane-gateway',
    account: 'CLIENTS',
    inboxPrefix: inboxes.gateway,
    publish: inboxes.ofClients.map((prefix) => `${prefix}.>`),
    subscribe: [commands.every, '$SRV.>', ...AGENT_LEAVES.map(agents.every)],
  });
}

/**
 * The agent of one container instance: its own subjects and nothing else. `*` for cluster and instance makes one
 * user for a whole fleet of simulated hosts; never give that to a real host.
 */
export function agentUser(cluster: string, instanceId: string, name = `agent-${instanceId}`): NatsUser {
  return user({
    name,
    account: 'CLIENTS',
    inboxPrefix: inboxes.agent(instanceId),
    publish: [...AGENT_LEAVES.map((leaf) => agents[leaf](cluster, instanceId)), metrics.instance(cluster, instanceId)],
    subscribe: [agents.assign(cluster, instanceId)],
  });
}

/** A machine with a join token: it may ask for an agent's credentials, once, and nothing else. */
export function joiningUser(instanceId: string): NatsUser {
  return user({
    name: `join-${instanceId}`,
    account: 'CLIENTS',
    inboxPrefix: inboxes.host(instanceId),
    publish: [hosts.join(instanceId)],
    subscribe: [],
  });
}

/** A machine that has joined, besides its agent, which has another user: it may leave, and compare clocks. */
export function joinedUser(instanceId: string): NatsUser {
  return user({
    name: `host-${instanceId}`,
    account: 'CLIENTS',
    inboxPrefix: inboxes.host(instanceId),
    publish: [hosts.leave(instanceId), hosts.clock(instanceId)],
    subscribe: [],
  });
}

/** Answers machines that join and leave; it may publish nothing else. */
export function hostDeskUser(): NatsUser {
  return user({
    name: 'host-desk',
    account: 'CLIENTS',
    inboxPrefix: inboxes.hostDesk,
    publish: [inboxes.everyHost],
    subscribe: [hosts.everyJoin, hosts.everyLeave, hosts.everyClock],
  });
}

/** A principal that sends commands in its own name, finds out what there is (`nats micro ls`), follows public events and what hosts measure. */
export function principalUser(principal: string): NatsUser {
  return user({
    name: principal,
    account: 'CLIENTS',
    inboxPrefix: inboxes.principal(principal),
    publish: [commands.request(principal, '*', '*'), '$SRV.>'],
    subscribe: [events.every, EVERY_STRUCTURED_EVENT, metrics.every],
  });
}

/** The account's root principal. */
export function rootUser(): NatsUser {
  return principalUser(ROOT_PRINCIPAL);
}

/**
 * Reads the journal, message by message, and can do nothing else. It may create no consumer: a push consumer delivers,
 * and a pull consumer responds, wherever its caller asked.
 */
export function auditorUser(): NatsUser {
  return user({
    name: 'auditor',
    account: 'AUDIT',
    inboxPrefix: inboxes.auditor,
    publish: Object.values(audit),
    subscribe: [],
  });
}

/**
 * Follows public events from where it left off, with consumers of its own on their stream. Wherever it has them deliver or
 * respond, that stays in its own account or reaches no user.
 */
export function followerUser(name = FOLLOWER): NatsUser {
  return user({
    name,
    account: 'FOLLOWERS',
    inboxPrefix: inboxes.follower(name),
    publish: FOLLOWER_REQUESTS,
    subscribe: [],
  });
}
