import { arns, parseShard } from '#libs/contracts';
import type { ClusterEvent, Opaque, TaskStateChanged } from '#libs/contracts';
import { assert } from '#libs/kernel';
import type { Commit, DomainEvent, RecordedDecision } from '#libs/kernel';
import { containerInstanceOutput } from '../output/container-instance.output.ts';
import { taskOutput } from '../output/task.output.ts';
import { dispatcher } from '../view/event-handlers.ts';
import type { EventHandlers } from '../view/event-handlers.ts';
import type { ClusterRecord, InstanceRecord, TaskRecord } from '../view/records.ts';
import type { ClusterView } from '../view/cluster.view.ts';
import type { ViewDirectory } from '../view/view-directory.ts';
import { entityDetailText } from './detail-text.ts';
import { bothFormats } from './public-event.ts';
import type { PublicEvent, PublicEventFacts } from './public-event.ts';
import {
  actionOfMessage,
  deploymentDetail,
  placementFailure,
  serviceActionDetail,
  STEADY_STATE,
} from './service-events.ts';
import type { ServiceAction } from './service-events.ts';

type Decision = RecordedDecision<DomainEvent>;
type Draft = Omit<PublicEventFacts, 'place' | 'locale' | 'clusterName' | 'clusterArn'>;

/**
 * What the world is told of a commit that the views have applied, each fact in both formats: one a task or container
 * instance that the commit touched, with its last state, and one a service action or deployment state. Nothing for tasks
 * that are gone again, and nothing from a view that stopped. When a commit is told again later, the facts keep their
 * identifiers and show what is known by then (`detail.version` says how new).
 * @throws InvariantBroken when the view has not applied the commit yet.
 */
export function publicEventsOf(views: ViewDirectory, commit: Commit<DomainEvent>): readonly PublicEvent[] {
  const view = views.cluster(parseShard(commit.shard)?.cluster ?? '');
  if (view === undefined || view.shard !== commit.shard || view.halted !== null || view.cluster === null) return [];
  assert(
    view.revision >= commit.revision,
    `the view of ${view.shard} is at revision ${view.revision}, before commit ${commit.revision}`,
  );
  const { cluster } = view;
  const gathering = new Gathering(view, cluster);
  for (const decision of commit.decisions) {
    gathering.decision = decision;
    for (const event of decision.events) gather(event, gathering);
  }
  const { locale, clusterArn } = cluster;
  const { shard, revision } = commit;
  return gathering.drafts().flatMap((draft, index) => {
    const place = { shard, revision, index };
    return bothFormats({ ...draft, place, locale, clusterName: cluster.clusterName, clusterArn });
  });
}

/** Collects what a commit touched, in the order of the first touch. */
class Gathering {
  readonly view: ClusterView;
  readonly cluster: ClusterRecord;
  decision: Decision | null = null;
  readonly #touched = new Map<TaskRecord | InstanceRecord | Draft, Decision>();

  constructor(view: ClusterView, cluster: ClusterRecord) {
    this.view = view;
    this.cluster = cluster;
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
    this.instance(this.view.instances.get(instanceId));
  }

  serviceAction(serviceName: string, action: ServiceAction): void {
    const { clusterArn } = this.cluster;
    this.#say('serviceAction', serviceName, ({ at }) => serviceActionDetail(action, clusterArn, at));
  }

  deployment(
    state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED',
    event: { readonly serviceName: string; readonly deploymentId: string; readonly reason: string },
  ): void {
    const where = { clusterArn: this.cluster.clusterArn, serviceArn: this.#serviceArn(event.serviceName) };
    this.#say('deployment', event.serviceName, ({ at }) => deploymentDetail(state, event, where, at));
  }

  drafts(): readonly Draft[] {
    return Array.from(this.#touched, ([touched, decision]) => {
      if ('kind' in touched) return touched;
      return 'taskId' in touched ? this.#taskDraft(touched, decision) : this.#instanceDraft(touched, decision);
    });
  }

  #say(kind: 'serviceAction' | 'deployment', serviceName: string, detail: (decision: Decision) => Opaque): void {
    const decision = this.#current();
    const resource = this.#serviceArn(serviceName);
    const draft: Draft = { kind, resource, decision, detail: () => JSON.stringify(detail(decision)) };
    this.#touched.set(draft, decision);
  }

  /** The wire object is taken now, as it is after this commit; its text may be made much later. */
  #taskDraft(task: TaskRecord, decision: Decision): Draft {
    const wire = taskOutput(this.cluster, task, false);
    return { kind: 'task', resource: task.arn, decision, detail: () => entityDetailText(wire, decision.at) };
  }

  #instanceDraft(instance: InstanceRecord, decision: Decision): Draft {
    const wire = containerInstanceOutput(instance, false);
    const { clusterArn } = this.cluster;
    return {
      kind: 'containerInstance',
      resource: instance.arn,
      decision,
      detail: () => entityDetailText(wire, decision.at, { clusterArn }),
    };
  }

  #serviceArn(serviceName: string): string {
    return arns.service(this.cluster.locale, this.cluster.clusterName, serviceName);
  }

  #current(): Decision {
    assert(this.decision !== null, 'an event belongs to a decision');
    return this.decision;
  }
}

const nothing = (): void => {};

const handlers: EventHandlers<ClusterEvent, [gathering: Gathering], void> = {
  TermStarted: nothing,
  ClusterCreated: nothing,
  ClusterUpdated: nothing,
  ClusterDeleted: nothing,
  ContainerInstanceRegistered: ({ instanceId }, to) => to.instanceOfId(instanceId),
  ContainerInstanceConnected: ({ instanceId }, to) => to.instanceOfId(instanceId),
  ContainerInstanceDisconnected: ({ instanceId }, to) => to.instanceOfId(instanceId),
  ContainerInstanceStatusChanged: ({ instanceId }, to) => to.instanceOfId(instanceId),
  ContainerInstanceDeregistered: ({ instanceId }, to) => to.instanceOfId(instanceId),
  AttributesPut: ({ instanceId }, to) => to.instanceOfId(instanceId),
  AttributesDeleted: ({ instanceId }, to) => to.instanceOfId(instanceId),
  TaskDefinitionImported: nothing,
  TasksRequested: ({ taskIds }, to) => {
    for (const taskId of taskIds) to.task(taskId);
  },
  TasksPlaced: ({ placements }, to) => {
    for (const { taskId, instanceId } of placements) {
      to.task(taskId);
      to.instanceOfId(instanceId);
    }
  },
  TasksPlacementFailed: ({ serviceName, failures }, to) => {
    if (serviceName !== undefined) to.serviceAction(serviceName, placementFailure(failures));
  },
  TaskStateChanged: (event: TaskStateChanged, to) => {
    const task = to.task(event.report.taskId);
    // Its resources are free again: the instance has changed, too.
    if (event.lastStatus === 'STOPPED') to.instance(task?.instance);
  },
  TaskStopRequested: ({ taskId }, to) => void to.task(taskId),
  TaskStopped: ({ taskId }, to) => to.instance(to.task(taskId)?.instance),
  TasksForgotten: nothing,
  ServiceCreated: nothing,
  ServiceUpdated: nothing,
  DeploymentStarted: (event, to) => to.deployment('IN_PROGRESS', event),
  DeploymentCompleted: (event, to) => to.deployment('COMPLETED', event),
  DeploymentFailed: (event, to) => to.deployment('FAILED', event),
  DeploymentRetired: nothing,
  ServiceSteadyStateReached: ({ serviceName }, to) => to.serviceAction(serviceName, STEADY_STATE),
  ServiceMessagePosted: ({ serviceName, message }, to) => {
    const action = actionOfMessage(message);
    if (action !== null) to.serviceAction(serviceName, action);
  },
  ServiceStartsDelayed: nothing,
  ServiceDeletionRequested: nothing,
  ServiceDeleted: nothing,
  ClusterResourceTagged: nothing,
  ClusterResourceUntagged: nothing,
};

const gather = dispatcher(handlers);
