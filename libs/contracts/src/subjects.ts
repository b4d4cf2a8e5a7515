/**
 * Every NATS subject that Waybill uses, in publish/subscribe pairs. A subject built anywhere else is a defect
 * (test/tidy.spec.ts looks for them). Cluster names, account ids and instance ids are safe subject tokens.
 */

/** The journal: one JetStream stream, one subject a shard. */
export const JOURNAL_STREAM = 'WAYBILL';
export const journal = {
  shard: (shard: string): string => `waybill.log.${shard}`,
  all: 'waybill.log.>',
  shardOf: (subject: string): string => subject.slice('waybill.log.'.length),
};

/** API commands: NATS permissions on the second wildcard prove the principal. */
export const commands = {
  request: (principal: string, context: string, operation: string): string =>
    `waybill.cmd.${principal}.${context}.${operation}`,
  /** The pattern an endpoint of the micro service listens on. */
  endpoint: (context: string, operation: string): string => `waybill.cmd.*.${context}.${operation}`,
  principalOf: (subject: string): string => subject.split('.')[2] ?? '',
};

/** Commands on their way from a gateway to the process that holds the shard. */
export const shards = {
  command: (shard: string): string => `waybill.shard.${shard}.command`,
  everyCommand: 'waybill.shard.>',
  shardOf: (subject: string): string => subject.slice('waybill.shard.'.length, -'.command'.length),
};

/** One host agent and the control plane. */
export const agents = {
  /** Agent → control plane, request: registration and the whole wanted set in answer. */
  session: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.session`,
  /** Agent → control plane, request: answered when durable. */
  report: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.report`,
  /** Agent → control plane, publish: liveness; never logged. */
  heartbeat: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.heartbeat`,
  /** Control plane → agent, publish: a difference of the wanted set. */
  assign: (cluster: string, instanceId: string): string => `waybill.agent.${cluster}.${instanceId}.assign`,
  everyInstance: (cluster: string, leaf: 'session' | 'report' | 'heartbeat'): string =>
    `waybill.agent.${cluster}.*.${leaf}`,
  every: (leaf: 'session' | 'report' | 'heartbeat'): string => `waybill.agent.*.*.${leaf}`,
  partsOf: (subject: string): { cluster: string; instanceId: string } => {
    const parts = subject.split('.');
    return { cluster: parts[2] ?? '', instanceId: parts[3] ?? '' };
  },
};

/** Public events out. `detailType` in kebab-case, e.g. `ecs-task-state-change`. */
export const events = {
  eventBridge: (account: string, detailType: string, cluster: string): string =>
    `waybill.events.${account}.aws.ecs.${detailType}.${cluster}`,
  cloudEvent: (account: string, type: string, cluster: string): string =>
    `waybill.events.${account}.cloudevents.ecs.${type}.${cluster}`,
  all: (account: string): string => `waybill.events.${account}.>`,
};
