import { arns, clusterShard } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEffect, ClusterEvent, ContainerReport, CreateCluster, RegisterContainerInstance, Rejection, TaskReport } from '#libs/ecs/messages';
import { clusterDecider } from '#libs/ecs/deciders';
import type { ClusterState, TaskState } from '#libs/ecs/deciders';
import { schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import { ShardRecorder } from './recorder.ts';
import { ACCOUNT, REGION } from './stories/account.story.ts';

export const CLUSTER = 'shop';
const ROUNDS_MAX = 100;
/** Longer than a task must run before it counts as healthy. */
const ROUND_SECONDS = 6;

/** A cluster's shard under record, with hosts that do what they are told when `obey` lets them. */
export class ClusterRecorder extends ShardRecorder<
  ClusterState,
  ClusterCommand,
  ClusterEvent,
  Rejection,
  ClusterEffect
> {
  readonly #sessions = new Map<string, number>();

  constructor() {
    super(clusterShard(ACCOUNT, CLUSTER), clusterDecider({ sagas: [schedulerSaga, serviceControllerSaga] }));
  }

  create(members: Partial<CreateCluster> = {}): void {
    const clusterArn = arns.cluster({ region: REGION, account: ACCOUNT }, CLUSTER);
    this.submit({ type: 'CreateCluster', clusterName: CLUSTER, clusterArn, tags: [{ key: 'team', value: 'shop' }], ...members });
  }

  /** A host opens a session, its first one or a later one. */
  openSession(instanceId: string, members: Partial<RegisterContainerInstance> = {}): void {
    const session = (this.#sessions.get(instanceId) ?? 0) + 1;
    this.#sessions.set(instanceId, session);
    this.report({
      type: 'RegisterContainerInstance',
      instanceId,
      sessionId: sessionId(instanceId, session),
      resources: { cpu: 1_024, memory: 2_048, reservedTcpPorts: [22], reservedUdpPorts: [] },
      attributes: [
        { name: 'ecs.os-type', value: 'linux' },
        { name: 'ecs.availability-zone', value: `${REGION}a` },
        { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' },
        { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.29' },
        { name: 'ecs.capability.container-health-check' },
      ],
      versionInfo: { agentVersion: '0.1.0', dockerVersion: 'DockerVersion: 28.2.2' },
      hostname: `host-${instanceId.slice(0, 4)}`,
      ...members,
    });
  }

  /** Its agent is about to end. */
  drain(instanceId: string): void {
    this.report({ type: 'DrainContainerInstance', instanceId, sessionId: this.#sessionOf(instanceId) });
  }

  disconnect(instanceId: string): void {
    this.report({ type: 'ReportInstanceDisconnected', instanceId, sessionId: this.#sessionOf(instanceId) });
  }

  /** Live tasks, oldest first. */
  get tasks(): readonly TaskState[] {
    return [...this.state.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  }

  reportTask({ taskId, instanceId }: TaskState, members: Partial<TaskReport>): void {
    if (instanceId === null) throw new Error(`task ${taskId} has no host that could report it`);
    this.report({
      type: 'ReportTaskStates',
      instanceId,
      sessionId: this.#sessionOf(instanceId),
      reports: [{ taskId, knownStatus: 'RUNNING', containers: [container('RUNNING')], ...members }],
    });
  }

  run(task: TaskState): void {
    const hostPort = 32_768 + ([...this.state.tasks.keys()].indexOf(task.taskId) % 1_000);
    const networkBindings = [{ bindIP: '0.0.0.0', containerPort: 80, hostPort, protocol: 'tcp' as const }];
    const runtimeId = `runtime-${task.taskId.slice(0, 8)}`;
    this.reportTask(task, {
      pullStartedAt: this.at - 900,
      pullStoppedAt: this.at - 400,
      startedAt: this.at - 100,
      containers: [container('RUNNING', { runtimeId, networkBindings })],
    });
  }

  end(task: TaskState, exitCode: number): void {
    this.reportTask(task, {
      knownStatus: 'STOPPED',
      executionStoppedAt: this.at - 50,
      containers: [container('STOPPED', { exitCode })],
    });
  }

  /** Hosts do everything that they were told. */
  obey(): void {
    for (const task of this.tasks) {
      if (task.instanceId === null) continue;
      if (task.desiredStatus === 'STOPPED') this.end(task, 143);
      else if (task.lastStatus === 'PENDING' || task.lastStatus === 'PROVISIONING') this.run(task);
    }
  }

  /** Hosts obey and time passes until nothing changes any more. */
  calm(): void {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const before = this.lines.length;
      this.wait(1);
      this.obey();
      this.wait(ROUND_SECONDS);
      if (this.lines.length === before) return;
    }
    throw new Error(`the cluster does not come to rest in ${ROUNDS_MAX} rounds`);
  }

  #sessionOf(instanceId: string): string {
    return sessionId(instanceId, this.#sessions.get(instanceId) ?? 0);
  }
}

export function container(lastStatus: ContainerReport['lastStatus'], members: Partial<ContainerReport> = {}) {
  return { name: 'app', lastStatus, ...members };
}

function sessionId(instanceId: string, session: number): string {
  return `${instanceId.slice(0, 8)}-0000-4000-a000-${String(session).padStart(12, '0')}`;
}
