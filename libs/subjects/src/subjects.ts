/**
 * Every NATS subject that Waybill uses, in publish/subscribe pairs. A subject built anywhere else is a defect
 * (test/tidy.spec.ts looks for them). Cluster names, account ids and instance ids are safe subject tokens.
 */

/** The principal that may do everything; its name is a token of its subjects. */
export const ROOT_PRINCIPAL = 'root';
/** The user that follows the stream of public events where nobody has made another one. */
export const FOLLOWER = 'follower';
const ROOT_INBOX = '_INBOX';
const AGENT_INBOX = '_INBOX_agent';
const PRINCIPAL_INBOX = '_INBOX_principal';
const HOSTS_INBOX = '_INBOX_hosts';
const FOLLOWER_INBOX = '_INBOX_follower';

/** The journal: one JetStream stream, one subject a shard. */
export const JOURNAL_STREAM = 'WAYBILL';
export const journal = {
  shard: (shard: string): string => `waybill.log.${shard}`,
  all: 'waybill.log.>',
  shardOf: (subject: string): string => subject.slice('waybill.log.'.length),
  /** A shard's name is `<context>.<account>` or `<context>.<account>.<resource>`. */
  isShard: (name: string): boolean => /^[^.]+(\.[^.]+){1,2}$/.test(name),
};

/** API commands: NATS permissions on the second wildcard prove the principal. */
export const commands = {
  request: (principal: string, context: string, operation: string): string =>
    `waybill.cmd.${principal}.${context}.${operation}`,
  /** The pattern an endpoint of the micro service listens on. */
  endpoint: (context: string, operation: string): string => `waybill.cmd.*.${context}.${operation}`,
  every: 'waybill.cmd.*.*.*',
  isOne: (subject: string): boolean => subject.startsWith('waybill.cmd.'),
  principalOf: (subject: string): string => subject.split('.')[2] ?? '',
};

/** Commands on their way from a gateway to the process that holds the shard. */
export const shards = {
  command: (shard: string): string => `waybill.shard.${shard}.command`,
  everyCommand: 'waybill.shard.>',
  shardOf: (subject: string): string => subject.slice('waybill.shard.'.length, -'.command'.length),
  isOne: (subject: string): boolean => subject.startsWith('waybill.shard.'),
};

/** What an agent sends, as the last token of its subjects. */
export const AGENT_LEAVES = ['session', 'wanted', 'definitions', 'report', 'drain', 'heartbeat'] as const;
export type AgentLeaf = (typeof AGENT_LEAVES)[number];

/** One host agent and the control plane. */
export const agents = {
  /** Agent → control plane, request: a page of the wanted set. */
  wanted: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.wanted`,
  /** Agent → control plane, request: task definitions that the wanted set names. */
  definitions: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.definitions`,
  /** Agent → control plane, request: registration, once the wanted set has been read. */
  session: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.session`,
  /** Agent → control plane, request: answered when durable. */
  report: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.report`,
  /** Agent → control plane, request: no new tasks for this host, which is about to end. */
  drain: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.drain`,
  /** Agent → control plane, publish: liveness; never logged. */
  heartbeat: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.heartbeat`,
  /** Control plane → agent, publish: a difference of the wanted set. */
  assign: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.assign`,
  everyInstance: (cluster: string, leaf: AgentLeaf): string => `waybill.agent.${cluster}.*.${leaf}`,
  every: (leaf: AgentLeaf): string => `waybill.agent.*.*.${leaf}`,
  isOne: (subject: string): boolean => subject.startsWith('waybill.agent.'),
  partsOf: (subject: string): { cluster: string; instanceId: string } => {
    // Of every message of every agent: a list of its tokens would cost more than the rest of the look.
    const cluster = 'waybill.agent.'.length;
    const instance = subject.indexOf('.', cluster) + 1;
    const end = subject.indexOf('.', instance);
    if (instance === 0) return { cluster: subject.slice(cluster), instanceId: '' };
    return {
      cluster: subject.slice(cluster, instance - 1),
      instanceId: end === -1 ? subject.slice(instance) : subject.slice(instance, end),
    };
  },
};

/** What hosts measure of their tasks, from each agent to whoever listens: not in the log, and stored nowhere. */
export const metrics = {
  instance: (cluster: string, instanceId: string): string => `waybill.metrics.${cluster}.${instanceId}`,
  cluster: (cluster: string): string => `waybill.metrics.${cluster}.*`,
  /** The shortest pattern that people type. */
  every: 'waybill.metrics.>',
};

/** A machine that joins or leaves, and the process that runs the nats-server and knows its users. */
export const hosts = {
  /** Request: a join token for the credentials of an agent. */
  join: (instanceId: string): string => `waybill.host.${instanceId}.join`,
  /** Request: the host has drained and takes no part any more. */
  leave: (instanceId: string): string => `waybill.host.${instanceId}.leave`,
  /** Request: what time it is there. */
  clock: (instanceId: string): string => `waybill.host.${instanceId}.clock`,
  everyJoin: 'waybill.host.*.join',
  everyLeave: 'waybill.host.*.leave',
  everyClock: 'waybill.host.*.clock',
  instanceOf: (subject: string): string => subject.split('.')[2] ?? '',
};

/**
 * Below which subjects each kind of user awaits responses. Each has a prefix of its own, so that nobody can listen to
 * another's, and a responder can tell whose inbox a reply subject belongs to.
 */
export const inboxes = {
  controlPlane: '_INBOX_control-plane',
  gateway: '_INBOX_control-plane-gateway',
  auditor: '_INBOX_auditor',
  hostDesk: '_INBOX_host-desk',
  /** Of a machine that has a token and no agent yet, or leaves. */
  host: (instanceId: string): string => `${HOSTS_INBOX}.${instanceId}`,
  everyHost: `${HOSTS_INBOX}.>`,
  agent: (instanceId: string): string => `${AGENT_INBOX}.${instanceId}`,
  /** Root has the NATS clients' own default: people with the `nats` CLI use it without naming it. */
  principal: (principal: string): string =>
    principal === ROOT_PRINCIPAL ? ROOT_INBOX : `${PRINCIPAL_INBOX}.${principal}`,
  /** Of those who read the stream of public events, in an account of their own; the one that `waybill up` makes is plain. */
  follower: (name: string): string => (name === FOLLOWER ? ROOT_INBOX : `${FOLLOWER_INBOX}.${name}`),
  /** Every prefix below which a response to a principal or an agent may go. */
  ofClients: [ROOT_INBOX, AGENT_INBOX, PRINCIPAL_INBOX],
  isBelow: (prefix: string, subject: string): boolean =>
    subject.length > prefix.length + 1 && subject.startsWith(`${prefix}.`),
} as const;

/** How audit tools read the journal: from a NATS account of their own, where nobody else listens. */
export const audit = {
  /** Stream information. */
  info: 'waybill.audit.info',
  /** One message, answered by the journal's leader. */
  message: 'waybill.audit.message',
  /** One message, answered by any server that has it, several times as fast. */
  directMessage: 'waybill.audit.direct-message',
};

/** Public events out, one message per fact. */
export const events = {
  /** `detailType` in kebab-case, e.g. `task-state-change`; `resource` is the cluster where there is one. */
  fact: (account: string, service: string, detailType: string, resource: string): string =>
    `waybill.events.${account}.${service}.${detailType}.${resource}`,
  all: (account: string): string => `waybill.events.${account}.>`,
  /** The shortest pattern that people type; `all('*')` is narrower and would have it refused. */
  every: 'waybill.events.>',
  /** Where the copy of an event in the structured mode of CloudEvents goes. */
  structured: (subject: string): string => `waybill.cloudevents.${subject.slice('waybill.events.'.length)}`,
};

/** The JetStream stream behind the public events, in an account that no client is in. */
export const eventStream = {
  name: 'WAYBILL_EVENTS',
  /** How the control plane makes and adapts it, from its own account. */
  create: 'waybill.event-stream.create',
  update: 'waybill.event-stream.update',
  /** The JetStream domain under which followers reach it. */
  domain: 'events',
  /** A request of the JetStream API, as followers send it. */
  api: (request: string): string => `$JS.events.API.${request}`,
};
