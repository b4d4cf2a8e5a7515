import { arns, CLUSTER_EVENTS, parseShard } from '#libs/ecs/messages';
import type { ClusterEvent } from '#libs/ecs/messages';
import { assert, upcastCommit } from '#libs/kernel';
import type { Commit, DomainEvent, PublicEvent, PublicEvents, RecordedDecision } from '#libs/kernel';
import { writeContainerInstance } from '../output/container-instance.output.ts';
import { TextMembers } from '../output/members.ts';
import { writeTask } from '../output/task.output.ts';
import { containerInstanceOf } from '../view/container-instances.ts';
import type { ClusterView } from '../view/cluster.view.ts';
import type { EventHandlers } from '../view/event-handlers.ts';
import type { ClusterRecord, InstanceRecord, TaskRecord } from '../view/records.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { publicEvent } from './public-event.ts';
import type { Fact, FactSource } from './public-event.ts';
import {
  ACTIONS_OF_MESSAGES,
  deploymentText,
  placementFailure,
  serviceActionText,
  STEADY_STATE,
} from './service-events.ts';
import { ResourceChanges } from './resource-changes.ts';
import type { ServiceAction } from './service-events.ts';

type Decision = RecordedDecision<DomainEvent>;

/**
 * The public facts of ECS, each once: one per task or container instance that a commit touched, with its last
 * state, and one per service action or deployment state. Instances of which only the free resources changed are gathered:
 * each placement changes one. Tasks that are gone again, and views that stopped, give none.
 */
export class EcsPublicEvents implements PublicEvents {
  readonly #views: ViewDirectory;
  readonly #resourceChanges = new ResourceChanges();

  constructor(views: ViewDirectory) {
    this.#views = views;
  }

  /** `detail.version` shows how new the state is. @throws InvariantBroken when the view has not applied the commit yet */
  of(commit: Commit<DomainEvent>): readonly PublicEvent[] {
    const view = this.#views.cluster(parseShard(commit.shard)?.cluster ?? '');
    if (view === undefined || view.shard !== commit.shard || view.halted !== null || view.cluster === null) return [];
    const { cluster } = view;
    const { shard, revision } = commit;
    assert(
      view.revision >= revision,
      `the view of ${shard} is at revision ${view.revision}, before commit ${revision}`,
    );
    const gathering = new Gathering(view, cluster, (instanceId, decision) =>
      this.#resourceChanges.note({ shard, revision, instanceId, decision }),
    );
    for (const decision of upcastCommit(commit, CLUSTER_EVENTS).decisions) {
      gathering.decision = decision;
      for (const event of decision.events) gather(event, gathering);
    }
    const source: FactSource = { shard, revision, cluster };
    return Array.from(gathering.facts(), (fact, index) => publicEvent(fact, source, index));
  }

  /** Container instances whose free resources changed. */
  gathered(): readonly PublicEvent[] {
    const events: PublicEvent[] = [];
    for (const { shard, revision, instanceId, decision } of this.#resourceChanges.take()) {
      const view = this.#views.cluster(parseShard(shard)?.cluster ?? '');
      if (view === undefined || view.halted !== null || view.cluster === null) continue;
      const instance = containerInstanceOf(view, instanceId);
      if (instance === undefined) continue;
      const fact = instanceFact(view.cluster, instance, decision);
      events.push(publicEvent(fact, { shard, revision, cluster: view.cluster }, RESOURCE_EVENT_INDEX, instanceId));
    }
    return events;
  }
}

/** They come after everything else of their commit. */
const RESOURCE_EVENT_INDEX = 9_999;

function instanceFact(cluster: ClusterRecord, instance: InstanceRecord, decision: Decision): Fact {
  const to = new TextMembers();
  to.word('clusterArn', cluster.clusterArn);
  writeContainerInstance(instance, to);
  to.moment('updatedAt', decision.at);
  return { kind: 'containerInstance', resource: instance.arn, decision, detail: to.finish() };
}

/** Collects what a commit touched, in the order of the first touch. */
class Gathering {
  readonly view: ClusterView;
  readonly cluster: ClusterRecord;
  decision: Decision | null = null;
  readonly #touched = new Map<TaskRecord | InstanceRecord | Fact, Decision>();

  readonly #noteResources: (instanceId: string, decision: Decision) => void;

  constructor(
    view: ClusterView,
    cluster: ClusterRecord,
    noteResources: (instanceId: string, decision: Decision) => void,
  ) {
    this.view = view;
    this.cluster = cluster;
    this.#noteResources = noteResources;
  }

  resources(instanceId: string | undefined): void {
    if (instanceId !== undefined) this.#noteResources(instanceId, this.#current());
  }

  task(taskId: string): TaskRecord | undefined {
    const task = this.view.tasks.get(taskId);
    if (task !== undefined) this.#touched.set(task, this.#current());
    return task;
  }

  instance(instance: InstanceRecord | null | undefined): void {
    if (instance !== null && instance !== undefined) this.#touched.set(instance, this.#current());
  }

  instanceOfId(instanceId: string): void {
    this.instance(containerInstanceOf(this.view, instanceId));
  }

  serviceAction(serviceName: string, action: ServiceAction): void {
    const decision = this.#current();
    const detail = serviceActionText(action, this.cluster.clusterArn, decision.at);
    this.#touched.set({ kind: 'serviceAction', resource: this.#serviceArn(serviceName), decision, detail }, decision);
  }

  deployment(
    state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED',
    event: { readonly serviceName: string; readonly deploymentId: string; readonly reason: string },
  ): void {
    const decision = this.#current();
    const resource = this.#serviceArn(event.serviceName);
    const where = { clusterArn: this.cluster.clusterArn, serviceArn: resource };
    const detail = deploymentText(state, event, where, decision.at);
    this.#touched.set({ kind: 'deployment', resource, decision, detail }, decision);
  }

  /** Details are taken now, as things are after the commit: the view goes on changing. */
  *facts(): Iterable<Fact> {
    for (const [touched, decision] of this.#touched) {
      if ('kind' in touched) yield touched;
      else if ('taskId' in touched) yield this.#taskFact(touched, decision);
      else yield instanceFact(this.cluster, touched, decision);
    }
  }

  /** As DescribeTasks shows it, without tags, with ISO moments and the time of the change. */
  #taskFact(task: TaskRecord, decision: Decision): Fact {
    const to = new TextMembers();
    writeTask(this.cluster, task, to, 'eni');
    to.moment('updatedAt', decision.at);
    return { kind: 'task', resource: task.arn, decision, detail: to.finish() };
  }

  #serviceArn(serviceName: string): string {
    return arns.service(this.cluster.locale, this.cluster.clusterName, serviceName);
  }

  #current(): Decision {
    assert(this.decision !== null, 'an event belongs to a decision');
    return this.decision;
  }
}

/** The facts that are public. */
const handlers: Partial<EventHandlers<ClusterEvent, [gathering: Gathering], void>> = {
  ContainerInstanceRegistered: ({ containerInstanceId }, to) => to.instanceOfId(containerInstanceId),
  ContainerInstanceConnected: ({ containerInstanceId }, to) => to.instanceOfId(containerInstanceId),
  ContainerInstanceDisconnected: ({ containerInstanceId }, to) => to.instanceOfId(containerInstanceId),
  ContainerInstanceStatusChanged: ({ containerInstanceId }, to) => to.instanceOfId(containerInstanceId),
  ContainerInstanceDeregistered: ({ containerInstanceId }, to) => to.instanceOfId(containerInstanceId),
  AttributesPut: ({ containerInstanceId }, to) => to.instanceOfId(containerInstanceId),
  AttributesDeleted: ({ containerInstanceId }, to) => to.instanceOfId(containerInstanceId),
  TasksRequested: ({ taskIds }, to) => {
    for (const taskId of taskIds) to.task(taskId);
  },
  TasksPlaced: ({ placements }, to) => {
    for (const { taskId, containerInstanceId } of placements) {
      to.task(taskId);
      to.resources(containerInstanceId);
    }
  },
  TaskPlacementFailed: ({ serviceName, failures }, to) => {
    if (serviceName !== undefined) to.serviceAction(serviceName, placementFailure(failures));
  },
  TaskStateChanged: ({ taskId, lastStatus }, to) => {
    const task = to.task(taskId);
    // Its resources are free again: the instance has changed, too.
    if (lastStatus === 'STOPPED') to.resources(task?.instance?.instanceId);
  },
  TaskStopRequested: ({ taskId }, to) => void to.task(taskId),
  TaskStopped: ({ taskId }, to) => to.resources(to.task(taskId)?.instance?.instanceId),
  DeploymentStarted: (event, to) => to.deployment('IN_PROGRESS', event),
  DeploymentCompleted: (event, to) => to.deployment('COMPLETED', event),
  DeploymentFailed: (event, to) => to.deployment('FAILED', event),
  ServiceSteadyStateReached: ({ serviceName }, to) => to.serviceAction(serviceName, STEADY_STATE),
  ServiceMessagePosted: ({ serviceName, kind }, to) => {
    const action = ACTIONS_OF_MESSAGES[kind];
    if (action !== undefined) to.serviceAction(serviceName, action);
  },
};

function gather(event: ClusterEvent, to: Gathering): void {
  // The table was built by type, so that the event is the one that its handler takes.
  handlers[event.type]?.(event as never, to);
}
