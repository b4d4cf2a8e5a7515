import type {
  ClusterCommand,
  ClusterEvent,
  CreateService,
  HealthStatus,
  InstanceResources,
  RegisterContainerInstance,
  TaskDefinition,
  TaskReport,
  UpdateService,
} from '#libs/ecs/messages';
import { arns } from '#libs/ecs/messages';
import { clusterDecider, clusterStateCodec } from '#libs/ecs/deciders';
import type { ClusterState, ServiceState, TaskState } from '#libs/ecs/deciders';
import { canonicalJson, decideWhole, nextDeadlineOf } from '#libs/kernel';
import { containerStatusIn } from '#libs/testing-pure';
import { schedulerSaga } from '../src/scheduler/scheduler.saga.ts';
import { serviceControllerSaga } from '../src/service-controller/service-controller.saga.ts';
import { checkCounters, checkPrimary, checkStart, checkStop, healthyCount } from './service-checks.ts';

const LOCALE = { region: 'us-east-1', account: '123456789012' };
const CLUSTER = 'blue';
export const WEB = 'web';
const ROUNDS_MAX = 200;

/** A cluster with real deciders and sagas, hosts that do what they are told when asked to, and a clock that is moved by hand. */
export class ServiceWorld {
  readonly decider = clusterDecider({ sagas: [schedulerSaga, serviceControllerSaga] });
  readonly state: ClusterState;
  readonly events: { readonly event: ClusterEvent; readonly at: number }[] = [];
  at = 1_000_000;
  #commands = 0;

  constructor(hosts = 2, resources: Partial<InstanceResources> = {}, state?: ClusterState) {
    this.state = state ?? this.decider.initialState(`ecs.${LOCALE.account}.${CLUSTER}`);
    if (state !== undefined) return;
    this.submit({ type: 'CreateCluster', clusterName: CLUSTER, clusterArn: arns.cluster(LOCALE, CLUSTER) });
    for (let host = 1; host <= hosts; host++) this.register(`host${host}`, resources);
  }

  /** The same world, going on from a snapshot of its state as a file would have it. */
  reopened(): ServiceWorld {
    const data = JSON.parse(JSON.stringify(clusterStateCodec.encode(this.state))) as object;
    const other = new ServiceWorld(0, {}, clusterStateCodec.decode(data));
    other.at = this.at;
    other.#commands = this.#commands;
    other.events.push(...this.events);
    return other;
  }

  /** Decides, applies and reacts until quiet; every event is checked. @throws when the command is refused */
  submit(command: ClusterCommand): readonly ClusterEvent[] {
    this.#commands += 1;
    const commandId = `command-${this.#commands}`;
    const envelope = {
      commandId,
      command,
      principal: 'arn:aws:iam::123456789012:root',
      source: command.type === 'ElapseTime' ? ('clock' as const) : ('aws' as const),
      correlationId: commandId,
      causationId: null,
      at: this.at,
    };
    const evolve = (_: ClusterState, event: ClusterEvent): void => this.#apply(event);
    const whole = decideWhole({ ...this.decider, evolve }, this.state, envelope, this.at);
    if (whole.kind === 'rejected') throw new Error(`${command.type}: ${whole.rejection.message}`);
    for (const service of this.state.services.values()) checkPrimary(service);
    return whole.events;
  }

  #apply(event: ClusterEvent): void {
    const stopped = event.type === 'TaskStopRequested' ? this.state.tasks.get(event.taskId) : undefined;
    const owner = this.state.services.get(stopped?.template.serviceName ?? '');
    const healthyBefore = owner === undefined ? 0 : healthyCount(this.state, owner, this.at);
    this.decider.evolve(this.state, event, this.at);
    this.events.push({ event, at: this.at });
    checkCounters(this.state, event);
    if (event.type === 'TasksRequested') checkStart(this.state, event);
    if (event.type === 'TaskStopRequested' && owner !== undefined) {
      checkStop(this.state, owner, event, healthyBefore, this.at);
    }
  }

  /* What users and hosts do. */

  register(
    instanceId: string,
    resources: Partial<InstanceResources> = {},
    members: Partial<RegisterContainerInstance> = {},
  ): void {
    this.submit({
      type: 'RegisterContainerInstance',
      instanceId,
      sessionId: `${instanceId}-1`,
      resources: { cpu: 4_096, memory: 8_192, reservedTcpPorts: [22], reservedUdpPorts: [], ...resources },
      attributes: [],
      versionInfo: { agentVersion: '1.0.0', dockerVersion: 'DockerVersion: 20.10.24' },
      hostname: instanceId,
      ...members,
    });
  }

  create(desiredCount: number, members: Partial<CreateService> = {}, revision = 1): readonly ClusterEvent[] {
    return this.submit({
      type: 'CreateService',
      serviceName: WEB,
      resolved: { taskDefinition: taskDefinition(revision), tags: [] },
      desiredCount,
      ...members,
    });
  }

  update(members: Partial<UpdateService>): readonly ClusterEvent[] {
    return this.submit({ type: 'UpdateService', serviceName: WEB, ...members });
  }

  /** Rolls another revision out. */
  roll(revision: number, members: Partial<TaskDefinition> = {}): readonly ClusterEvent[] {
    return this.update({ resolved: { taskDefinition: taskDefinition(revision, members), tags: [] } });
  }

  report(task: TaskState, report: Partial<TaskReport>): readonly ClusterEvent[] {
    const { taskId, instanceId } = task;
    const knownStatus = report.knownStatus ?? 'RUNNING';
    const lastStatus = containerStatusIn(knownStatus);
    return this.submit({
      type: 'ReportTaskStates',
      instanceId: instanceId ?? '',
      sessionId: `${instanceId}-1`,
      reports: [{ taskId, knownStatus, containers: [{ name: 'app', lastStatus }], ...report }],
    });
  }

  reportHealth(task: TaskState, healthStatus: HealthStatus): void {
    this.report(task, { containers: [{ name: 'app', lastStatus: 'RUNNING', healthStatus }] });
  }

  /** The container ends by itself. */
  exit(task: TaskState): readonly ClusterEvent[] {
    return this.report(task, {
      knownStatus: 'STOPPED',
      containers: [{ name: 'app', lastStatus: 'STOPPED', exitCode: 1 }],
    });
  }

  /** Never ran: the image cannot be pulled. */
  failToStart(task: TaskState): readonly ClusterEvent[] {
    return this.report(task, {
      knownStatus: 'STOPPED',
      containers: [{ name: 'app', lastStatus: 'STOPPED' }],
      reason: 'CannotPullContainerError: not found',
      stopCode: 'TaskFailedToStart',
    });
  }

  /** Hosts do everything they were told: what is PENDING runs, what must stop has stopped. */
  obey(): void {
    // Reports make new tasks; those are for the next time.
    const tasks = [...this.state.tasks.values()];
    for (const task of tasks) {
      if (task.lastStatus === 'STOPPED') continue;
      if (task.desiredStatus === 'STOPPED') this.report(task, { knownStatus: 'STOPPED' });
      else if (task.lastStatus === 'PENDING' || task.lastStatus === 'PROVISIONING')
        this.report(task, { knownStatus: 'RUNNING' });
    }
  }

  /* Time. */

  /** Lets time pass, with everything that becomes due. */
  advance(milliseconds: number): void {
    const until = this.at + milliseconds;
    for (;;) {
      const deadline = nextDeadlineOf(this.decider, this.state);
      if (deadline === null || deadline > until) break;
      this.at = Math.max(this.at, deadline);
      if (this.submit({ type: 'ElapseTime' }).length === 0)
        throw new Error(`nothing happened at the deadline ${deadline}`);
    }
    this.at = until;
  }

  /** Hosts obey and time passes until nothing changes any more. */
  calm(): void {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const before = this.events.length;
      this.obey();
      this.advance(6_000);
      if (this.events.length === before) return;
    }
    throw new Error('the cluster does not come to rest');
  }

  /* What there is. */

  get service(): ServiceState {
    const service = this.state.services.get(WEB);
    if (service === undefined) throw new Error(`no service ${WEB}`);
    return service;
  }

  /** Tasks that are wanted, PENDING or RUNNING. */
  get live(): readonly TaskState[] {
    return [...this.state.tasks.values()].filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  }

  get running(): readonly TaskState[] {
    return this.live.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  }

  get pending(): readonly TaskState[] {
    return this.live.filter(({ lastStatus }) => lastStatus !== 'RUNNING');
  }

  get stopping(): readonly TaskState[] {
    return [...this.state.tasks.values()].filter(
      ({ desiredStatus, lastStatus }) => desiredStatus === 'STOPPED' && lastStatus !== 'STOPPED',
    );
  }

  /** Live tasks by revision, e.g. `{ 1: 2, 2: 4 }`. */
  get revisions(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { template } of this.live) {
      const revision = template.taskDefinitionArn.split(':').at(-1) ?? '';
      counts[revision] = (counts[revision] ?? 0) + 1;
    }
    return counts;
  }

  /** Service messages without the prefix, tasks and deployments as `ID`. */
  get messages(): readonly string[] {
    return messagesIn(this.events.map(({ event }) => event));
  }
}

/** What the state hash covers. */
export function textOf(state: ClusterState): string {
  return canonicalJson(clusterStateCodec.encode(state));
}

export function messagesIn(events: readonly ClusterEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'ServiceMessagePosted'
      ? [event.message.replace(/^\(service \S+\) /, '').replace(/(task|ecs-svc)([ /])[0-9a-f]{19,}/g, '$1$2ID')]
      : [],
  );
}

export function typesIn(events: readonly ClusterEvent[]): readonly string[] {
  return events.map(({ type }) => type);
}

export function taskDefinition(revision: number, members: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    taskDefinitionArn: arns.taskDefinition(LOCALE, WEB, revision),
    family: WEB,
    revision,
    containerDefinitions: [
      { name: 'app', image: 'app:1', cpu: 256, memory: 256, essential: true, portMappings: [], environment: [] },
    ],
    placementConstraints: [],
    ...members,
  };
}

/** A revision whose container has a health check. */
export function checkedDefinition(revision: number): TaskDefinition {
  const plain = taskDefinition(revision);
  return {
    ...plain,
    containerDefinitions: plain.containerDefinitions.map((container) => ({
      ...container,
      healthCheck: { command: ['CMD', 'true'] },
    })),
  };
}

/** minimumHealthyPercent / maximumPercent. */
export function percents(minimumHealthyPercent: number, maximumPercent: number): Partial<CreateService> {
  return { deploymentConfiguration: { minimumHealthyPercent, maximumPercent } };
}
