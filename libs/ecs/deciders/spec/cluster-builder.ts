import type {
  ClusterCommand,
  ClusterEffect,
  ClusterEvent,
  ContainerDefinition,
  CreateCluster,
  InstanceResources,
  RegisterContainerInstance,
  Rejection,
  ResolvedTaskDefinition,
  RunTask,
  TaskDefinition,
  TaskReport,
  TasksAnswer,
} from '#libs/ecs/messages';
import { arns } from '#libs/ecs/messages';
import { containerStatusIn } from '#libs/testing-pure';
import { canonicalJson, decideWhole } from '#libs/kernel';
import { clusterDecider } from '../src/cluster.decider.ts';
import type { ClusterSaga } from '../src/cluster.decider.ts';
import { clusterStateCodec } from '../src/cluster-state.codec.ts';
import type { ClusterState, InstanceState, TaskState } from '../src/cluster-state.ts';

export const LOCALE = { region: 'us-east-1', account: '123456789012' };
export const CLUSTER = 'blue';
export const SHARD = `ecs.${LOCALE.account}.${CLUSTER}`;

/** What a command came to. */
export type ClusterOutcome =
  | { readonly events: readonly ClusterEvent[]; readonly effects: readonly ClusterEffect[]; readonly answer: unknown }
  | { readonly rejection: Rejection };

/** A cluster's shard in memory: whole decisions, sagas included, one after the other. */
export class ClusterUnderTest {
  readonly decider;
  readonly state: ClusterState;
  /** Everything recorded, with the time of its decision. */
  readonly history: { readonly event: ClusterEvent; readonly at: number }[] = [];
  /** The time of the next decision (ms). */
  at = 1_000;
  #commands = 0;

  constructor(
    readonly sagas: readonly ClusterSaga[] = [],
    state?: ClusterState,
  ) {
    this.decider = clusterDecider({ sagas });
    this.state = state ?? this.decider.initialState(SHARD);
  }

  /** The same cluster, going on from a snapshot of its state as a file would have it. */
  reopened(): ClusterUnderTest {
    const data = JSON.parse(JSON.stringify(clusterStateCodec.encode(this.state))) as object;
    const other = new ClusterUnderTest(this.sagas, clusterStateCodec.decode(data));
    other.at = this.at;
    other.#commands = this.#commands;
    return other;
  }

  submit(command: ClusterCommand): ClusterOutcome {
    this.#commands += 1;
    const commandId = `command-${this.#commands}`;
    const envelope = {
      commandId,
      command,
      principal: 'arn:aws:iam::123456789012:root',
      source: 'aws' as const,
      correlationId: commandId,
      causationId: null,
      at: this.at,
    };
    const whole = decideWhole(this.decider, this.state, envelope, this.at);
    if (whole.kind === 'rejected') return { rejection: whole.rejection };
    for (const event of whole.events) this.history.push({ event, at: this.at });
    return { events: whole.events, effects: whole.effects, answer: whole.answer };
  }

  /** Submits and gives the events. @throws when the command is refused */
  accept(command: ClusterCommand): readonly ClusterEvent[] {
    const outcome = this.submit(command);
    if ('rejection' in outcome) throw new Error(`${command.type}: ${outcome.rejection.message}`);
    return outcome.events;
  }

  createCluster(members: Partial<CreateCluster> = {}): this {
    this.accept({
      type: 'CreateCluster',
      clusterName: CLUSTER,
      clusterArn: arns.cluster(LOCALE, CLUSTER),
      ...members,
    });
    return this;
  }

  /** A host with a session `<id>-1`. */
  register(instanceId: string, members: Partial<RegisterContainerInstance> = {}): this {
    this.accept(registration(instanceId, members));
    return this;
  }

  /** Runs tasks and gives the answer. @throws when the command is refused */
  run(members: Partial<RunTask> = {}): TasksAnswer {
    const outcome = this.submit(runTask(members));
    if ('rejection' in outcome) throw new Error(outcome.rejection.message);
    return outcome.answer as TasksAnswer;
  }

  /** One placed task. @throws when it was not placed */
  runOne(members: Partial<RunTask> = {}): TaskState {
    return this.task(this.run({ count: 1, ...members }).taskIds[0] ?? '');
  }

  report(instanceId: string, ...reports: readonly Partial<TaskReport>[]): readonly ClusterEvent[] {
    return this.accept({
      type: 'ReportTaskStates',
      instanceId,
      sessionId: this.instance(instanceId).sessionId,
      reports: reports.map(taskReport),
    });
  }

  /** @throws when it is unknown */
  task(taskId: string): TaskState {
    const task = this.state.tasks.get(taskId);
    if (task === undefined) throw new Error(`no task ${taskId}`);
    return task;
  }

  /** @throws when it is unknown */
  instance(instanceId: string): InstanceState {
    const instance = this.state.instances.get(instanceId);
    if (instance === undefined) throw new Error(`no instance ${instanceId}`);
    return instance;
  }

  /** The state that the recorded events alone make. */
  folded(): ClusterState {
    const state = this.decider.initialState(SHARD);
    for (const { event, at } of this.history) this.decider.evolve(state, event, at);
    return state;
  }
}

/** What the state hash covers. */
export function textOf(state: ClusterState): string {
  return canonicalJson(clusterStateCodec.encode(state));
}

export const RESOURCES: InstanceResources = { cpu: 2048, memory: 4096, reservedTcpPorts: [22], reservedUdpPorts: [] };

export function registration(
  instanceId: string,
  members: Partial<RegisterContainerInstance> = {},
): RegisterContainerInstance {
  return {
    type: 'RegisterContainerInstance',
    instanceId,
    sessionId: `${instanceId}-1`,
    resources: RESOURCES,
    attributes: [{ name: 'ecs.os-type', value: 'linux' }],
    versionInfo: { agentVersion: '1.0.0', dockerVersion: 'DockerVersion: 20.10.24' },
    hostname: instanceId,
    ...members,
  };
}

export function appContainer(members: Partial<ContainerDefinition> = {}): ContainerDefinition {
  return {
    name: 'app',
    image: 'app:1',
    cpu: 256,
    memory: 512,
    essential: true,
    portMappings: [],
    environment: [],
    ...members,
  };
}

export function taskDefinition(members: Partial<TaskDefinition> = {}): TaskDefinition {
  const { family = 'web', revision = 1 } = members;
  return {
    taskDefinitionArn: arns.taskDefinition(LOCALE, family, revision),
    family,
    revision,
    containerDefinitions: [appContainer()],
    placementConstraints: [],
    ...members,
  };
}

export function resolved(members: Partial<TaskDefinition> = {}): ResolvedTaskDefinition {
  return { taskDefinition: taskDefinition(members), tags: [] };
}

export function runTask(members: Partial<RunTask> = {}): RunTask {
  return { type: 'RunTask', resolved: resolved(), count: 1, ...members };
}

/** A report; containers follow the task's status unless given. */
export function taskReport(members: Partial<TaskReport>): TaskReport {
  const { knownStatus = 'RUNNING' } = members;
  const lastStatus = containerStatusIn(knownStatus);
  return { taskId: '', knownStatus, containers: [{ name: 'app', lastStatus }], ...members };
}
