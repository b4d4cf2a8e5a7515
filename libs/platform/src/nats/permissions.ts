import { agents, commands, events, journal, JOURNAL_STREAM } from '#libs/contracts';

/** What one NATS user may do; NATS wildcards allowed. `deny` wins over `allow`. */
export interface NatsPermissions {
  readonly publish: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly subscribe: { readonly allow: readonly string[]; readonly deny: readonly string[] };
}

/** A user of the nats-server: its name, what it may do, and the inbox prefix under which it must await answers. */
export interface NatsUser {
  readonly name: string;
  readonly inboxPrefix: string;
  readonly permissions: NatsPermissions;
}

/** The NATS client library's own default; people with the `nats` CLI use it without knowing. */
const DEFAULT_INBOX_PREFIX = '_INBOX';
const CONTROL_PLANE_INBOX_PREFIX = '_INBOX_control-plane';
const AGENT_INBOX_PREFIX = '_INBOX_agent';
const PRINCIPAL_INBOX_PREFIX = '_INBOX_principal';
const EVERY_WAYBILL_SUBJECT = `${journal.all.slice(0, journal.all.indexOf('.'))}.>`;
/** The shortest pattern that people type; `events.all('*')` is narrower and would have it refused. */
const EVERY_PUBLIC_EVENT = events.all('*').replace('.*.', '.');

/**
 * Whoever may send these can edit or destroy the record (ADR-2 and the advisories of 2025 and 2026). No user has them:
 * a break-glass user is added by hand, with the product stopped.
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

const user = (
  name: string,
  inboxPrefix: string,
  publish: readonly string[],
  subscribe: readonly string[],
): NatsUser => ({
  name,
  inboxPrefix,
  permissions: {
    publish: { allow: publish, deny: DENIED_TO_ALL },
    subscribe: { allow: [...subscribe, `${inboxPrefix}.>`], deny: [] },
  },
});

/** The control plane: the only user that may write the journal. It creates streams and buckets, and never alters them. */
export function controlPlaneUser(): NatsUser {
  return user(
    'control-plane',
    CONTROL_PLANE_INBOX_PREFIX,
    [
      EVERY_WAYBILL_SUBJECT,
      '$KV.>',
      '$SRV.>',
      '$JS.ACK.>',
      '$JS.FC.>',
      '$JS.API.INFO',
      '$JS.API.STREAM.CREATE.>',
      '$JS.API.STREAM.INFO.>',
      '$JS.API.STREAM.NAMES',
      '$JS.API.STREAM.LIST',
      '$JS.API.STREAM.MSG.GET.>',
      '$JS.API.DIRECT.GET.>',
      '$JS.API.CONSUMER.>',
      // Answers go to whoever asked.
      `${DEFAULT_INBOX_PREFIX}.>`,
      `${CONTROL_PLANE_INBOX_PREFIX}.>`,
      `${AGENT_INBOX_PREFIX}.>`,
      `${PRINCIPAL_INBOX_PREFIX}.>`,
    ],
    [EVERY_WAYBILL_SUBJECT, '$SRV.>', '$KV.>', '$JS.EVENT.ADVISORY.>'],
  );
}

/** The inbox prefix of one agent's connection; no other agent may listen there. */
export function agentInboxPrefix(instanceId: string): string {
  return `${AGENT_INBOX_PREFIX}.${instanceId}`;
}

/**
 * The agent of one container instance: its own four subjects and nothing else. `*` for cluster and instance makes one
 * user for a whole fleet of simulated hosts; never give that to a real host.
 */
export function agentUser(cluster: string, instanceId: string, name = `agent-${instanceId}`): NatsUser {
  return user(
    name,
    agentInboxPrefix(instanceId),
    [agents.session(cluster, instanceId), agents.report(cluster, instanceId), agents.heartbeat(cluster, instanceId)],
    [agents.assign(cluster, instanceId)],
  );
}

/** A principal that sends commands in its own name, finds out what there is (`nats micro ls`) and follows public events. */
export function principalUser(principal: string): NatsUser {
  return user(principal, `${PRINCIPAL_INBOX_PREFIX}.${principal}`, principalSubjects(principal), [EVERY_PUBLIC_EVENT]);
}

/**
 * The account's root principal: commands, public events, and read access to the journal for audit tools. Consumers are
 * the way to read a stream, so it may create them on the journal and on no other stream.
 */
export function rootUser(): NatsUser {
  return user(
    'root',
    DEFAULT_INBOX_PREFIX,
    [
      ...principalSubjects('root'),
      '$JS.API.INFO',
      '$JS.API.STREAM.NAMES',
      '$JS.API.STREAM.LIST',
      `$JS.API.STREAM.INFO.${JOURNAL_STREAM}`,
      `$JS.API.STREAM.MSG.GET.${JOURNAL_STREAM}`,
      `$JS.API.CONSUMER.CREATE.${JOURNAL_STREAM}`,
      `$JS.API.CONSUMER.CREATE.${JOURNAL_STREAM}.>`,
      `$JS.API.CONSUMER.MSG.NEXT.${JOURNAL_STREAM}.>`,
      `$JS.API.CONSUMER.INFO.${JOURNAL_STREAM}.>`,
      `$JS.API.CONSUMER.NAMES.${JOURNAL_STREAM}`,
      `$JS.API.CONSUMER.LIST.${JOURNAL_STREAM}`,
      `$JS.API.CONSUMER.DELETE.${JOURNAL_STREAM}.>`,
      `$JS.ACK.${JOURNAL_STREAM}.>`,
      '$JS.FC.>',
    ],
    [EVERY_PUBLIC_EVENT],
  );
}

function principalSubjects(principal: string): readonly string[] {
  return [commands.request(principal, '*', '*'), '$SRV.>'];
}
