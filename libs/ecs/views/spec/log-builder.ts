import { arns, clusterShard, accountShard } from '#libs/ecs/messages';
import type {
  ClusterEvent,
  RecordedTaskResources,
  ServiceSpec,
  TaskDefinition,
  TaskTemplate,
} from '#libs/ecs/messages';
import type { Locale, Commit, CommandSource, DomainEvent, RecordedDecision } from '#libs/kernel';
import { GENESIS_HASH } from '#libs/kernel';
import { containerStatusIn } from '#libs/testing-pure';
import type { LogEvent, LogCommit } from '../src/index.ts';

/* A recorded log in a few lines: what the views of a test fold. */

export const LOCALE: Locale = { region: 'us-east-1', account: '123456789012' };
export const CLUSTER_NAME = 'default';
export const CLUSTER_ARN = arns.cluster(LOCALE, CLUSTER_NAME);
/** 2026-03-01T12:00:00.250Z */
export const START = 1_772_366_400_250;
export const ALICE = 'arn:aws:iam::123456789012:user/alice';

/** 32 hex digits that tell which thing they name. */
export function hexId(number: number, fill = 'a'): string {
  return fill.repeat(16) + number.toString(16).padStart(16, '0');
}

export interface DecisionMembers {
  readonly command?: string;
  readonly principal?: string;
  readonly source?: CommandSource;
  readonly commandId?: string;
  readonly correlationId?: string;
  readonly causationId?: string | null;
}

/** Writes the commits of one shard, each a second after the one before unless told otherwise. */
export class ShardLog {
  readonly shard: string;
  readonly commits: LogCommit[] = [];
  #at = START;
  #commands = 0;

  constructor(shard: string) {
    this.shard = shard;
  }

  static ofCluster(clusterName = CLUSTER_NAME): ShardLog {
    return new ShardLog(clusterShard(LOCALE.account, clusterName));
  }

  static ofAccount(): ShardLog {
    return new ShardLog(accountShard(LOCALE.account));
  }

  get at(): number {
    return this.#at;
  }

  wait(seconds: number): this {
    this.#at += seconds * 1000;
    return this;
  }

  /** One commit of one decision. */
  commit(events: readonly LogEvent[], members: DecisionMembers = {}): LogCommit {
    return this.commitAll([{ events, members }]);
  }

  /** One commit of several decisions. */
  commitAll(
    decisions: readonly { readonly events: readonly LogEvent[]; readonly members?: DecisionMembers }[],
  ): LogCommit {
    const commit: Commit<LogEvent> = {
      v: 1,
      shard: this.shard,
      term: 1,
      revision: this.commits.length + 1,
      prevHash: GENESIS_HASH,
      at: this.#at,
      deciderVersion: 1,
      decisions: decisions.map(({ events, members }) => this.#decision(events, members ?? {})),
      hash: GENESIS_HASH,
    };
    this.commits.push(commit);
    this.wait(1);
    return commit;
  }

  #decision(events: readonly LogEvent[], members: DecisionMembers): RecordedDecision<LogEvent> {
    this.#commands += 1;
    const commandId = members.commandId ?? `command-${this.#commands}`;
    return {
      commandId,
      command: members.command ?? 'ElapseTime',
      principal: members.principal ?? 'system:clock',
      source: members.source ?? 'clock',
      correlationId: members.correlationId ?? commandId,
      causationId: members.causationId ?? null,
      at: this.#at,
      events,
    };
  }
}

/** The commit with other events in it, such as a newer version might write. */
export function withEvents(commit: LogCommit, events: readonly DomainEvent[]): Commit<DomainEvent> {
  return { ...commit, decisions: commit.decisions.map((decision) => ({ ...decision, events })) };
}

export function taskDefinition(
  members: Partial<TaskDefinition> & { family?: string; revision?: number } = {},
): TaskDefinition {
  const { family = 'web', revision = 1 } = members;
  return {
    taskDefinitionArn: arns.taskDefinition(LOCALE, family, revision),
    family,
    revision,
    networkMode: 'bridge',
    containerDefinitions: [
      {
        name: 'app',
        image: 'busybox:latest',
        cpu: 128,
        memory: 64,
        essential: true,
        portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }],
        environment: [],
        mountPoints: [],
        volumesFrom: [],
      },
    ],
    placementConstraints: [],
    compatibilities: ['EC2'],
    requiresCompatibilities: ['EC2'],
    volumes: [],
    requiresAttributes: [],
    ...members,
  };
}

export function serviceSpec(members: Partial<ServiceSpec> = {}): ServiceSpec {
  return {
    taskDefinitionArn: taskDefinition().taskDefinitionArn,
    launchType: 'EC2',
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
    },
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'ENABLED',
    ...members,
  };
}

export function template(members: Partial<TaskTemplate> = {}): TaskTemplate {
  return {
    taskDefinitionArn: taskDefinition().taskDefinitionArn,
    group: 'family:web',
    launchType: 'EC2',
    placementConstraints: [],
    placementStrategy: [],
    tags: [],
    ...members,
  };
}

export function serviceTemplate(serviceName: string, deploymentId: string, arn?: string): TaskTemplate {
  return template({
    group: `service:${serviceName}`,
    startedBy: deploymentId,
    serviceName,
    deploymentId,
    ...(arn === undefined ? {} : { taskDefinitionArn: arn }),
  });
}

type Event<Type extends ClusterEvent['type']> = Extract<ClusterEvent, { readonly type: Type }>;

/** Of the task definition above. */
const RESOURCES: RecordedTaskResources = { cpu: 128, memory: 64, tcpPorts: [], udpPorts: [] };

/** Events with everything filled in that a test does not care about. */
export const make = {
  clusterCreated: (members: Partial<Event<'ClusterCreated'>> = {}): ClusterEvent => ({
    type: 'ClusterCreated',
    v: 1,
    clusterName: CLUSTER_NAME,
    clusterArn: CLUSTER_ARN,
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    tags: [],
    ...members,
  }),
  instanceRegistered: (
    instanceId: string,
    members: Partial<Event<'ContainerInstanceRegistered'>> = {},
  ): ClusterEvent => ({
    type: 'ContainerInstanceRegistered',
    v: 1,
    containerInstanceId: instanceId,
    sessionId: `session-of-${instanceId}`,
    resources: { cpu: 2048, memory: 3936, reservedTcpPorts: [22, 2375, 2376, 51678], reservedUdpPorts: [] },
    attributes: [
      { name: 'ecs.availability-zone', value: 'us-east-1a' },
      { name: 'ecs.cpu-architecture', value: 'x86_64' },
      { name: 'ecs.os-type', value: 'linux' },
      { name: 'ecs.capability.container-ordering' },
    ],
    versionInfo: { agentVersion: '0.1.0', dockerVersion: '20.10.24' },
    hostname: 'host-a',
    tags: [],
    ...members,
  }),
  imported: (definition: TaskDefinition = taskDefinition()): ClusterEvent => ({
    type: 'TaskDefinitionImported',
    v: 1,
    taskDefinition: definition,
  }),
  requested: (
    taskIds: readonly string[],
    of: TaskTemplate = template(),
    resources: RecordedTaskResources = RESOURCES,
  ): ClusterEvent => ({ type: 'TasksRequested', v: 1, taskIds, template: of, resources }),
  placed: (taskIds: readonly string[], instanceId: string): ClusterEvent => ({
    type: 'TasksPlaced',
    v: 1,
    placements: taskIds.map((taskId) => ({ taskId, containerInstanceId: instanceId })),
  }),
  changed: (
    taskId: string,
    lastStatus: Event<'TaskStateChanged'>['lastStatus'],
    members: Partial<Event<'TaskStateChanged'>> = {},
  ): ClusterEvent => ({
    type: 'TaskStateChanged',
    v: 1,
    taskId,
    lastStatus,
    containers: [{ name: 'app', lastStatus: containerStatusIn(lastStatus) }],
    ...members,
  }),
  stopRequested: (taskId: string, members: Partial<Event<'TaskStopRequested'>> = {}): ClusterEvent => ({
    type: 'TaskStopRequested',
    v: 1,
    taskId,
    cause: 'USER',
    stopCode: 'UserInitiated',
    stoppedReason: 'Task stopped by user',
    ...members,
  }),
  serviceCreated: (serviceName: string, members: Partial<Event<'ServiceCreated'>> = {}): ClusterEvent => ({
    type: 'ServiceCreated',
    v: 1,
    serviceName,
    spec: serviceSpec(),
    desiredCount: 1,
    tags: [],
    taskDefinitionTags: [],
    requestHash: 'hash',
    createdBy: ALICE,
    ...members,
  }),
  deploymentStarted: (
    serviceName: string,
    deploymentId: string,
    members: Partial<Event<'DeploymentStarted'>> = {},
  ): ClusterEvent => ({
    type: 'DeploymentStarted',
    v: 1,
    serviceName,
    deploymentId,
    taskDefinitionArn: taskDefinition().taskDefinitionArn,
    hasHealthCheck: false,
    reason: `ECS deployment ${deploymentId} in progress.`,
    ...members,
  }),
  serviceDeleted: (serviceName: string, expiresAt: number): ClusterEvent => ({
    type: 'ServiceDeleted',
    v: 1,
    serviceName,
    expiresAt,
  }),
  instanceDeregistered: (containerInstanceId: string, expiresAt: number): ClusterEvent => ({
    type: 'ContainerInstanceDeregistered',
    v: 1,
    containerInstanceId,
    expiresAt,
  }),
  deploymentCompleted: (serviceName: string, deploymentId: string): ClusterEvent => ({
    type: 'DeploymentCompleted',
    v: 1,
    serviceName,
    deploymentId,
    reason: `ECS deployment ${deploymentId} completed.`,
  }),
  message: (
    serviceName: string,
    messageId: string,
    text: string,
    members: Partial<Event<'ServiceMessagePosted'>> = {},
  ): ClusterEvent => ({
    type: 'ServiceMessagePosted',
    v: 1,
    serviceName,
    messageId,
    kind: 'TASKS_STARTED',
    ...members,
    message: `(service ${serviceName}) ${text}`,
  }),
};

/** What an agent says of a task that runs, with one published port. */
export function runningReport(startedAt: number, hostPort = 32768): Partial<Event<'TaskStateChanged'>> {
  return {
    pullStartedAt: startedAt - 900,
    pullStoppedAt: startedAt - 400,
    startedAt,
    containers: [
      {
        name: 'app',
        lastStatus: 'RUNNING',
        runtimeId: 'f'.repeat(64),
        imageDigest: `sha256:${'1'.repeat(64)}`,
        networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort, protocol: 'tcp' }],
      },
    ],
  };
}
