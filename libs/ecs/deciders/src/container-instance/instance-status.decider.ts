import type {
  ClusterEvent,
  DeregisterContainerInstance,
  DrainContainerInstance,
  InstancesAnswer,
  Rejection,
  ReportInstanceDisconnected,
  UpdateContainerInstancesState,
} from '#libs/ecs/messages';
import { accept, assert, jsonBytes, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, InstanceState } from '../cluster-state.ts';
import { ENDED_RETENTION_MS } from '../shared/ended-retention.ts';
import { acceptWith } from '../shared/outcome.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import {
  clusterNotFound,
  instanceInactive,
  instanceNotFound,
  invalidParameter,
  sessionFenced,
} from '../shared/rejections.ts';
import { containerInstanceOf } from './container-instance-of.ts';

export const INSTANCES_PER_STATE_UPDATE_MAX = 10;
/** Ends of tasks in one decision, as JSON: a quarter of what the log takes as one message. */
const TASK_ENDS_BYTES_MAX = 256 * 1024;

/** Silence ends a session only if it is still the current one: a newer session may be alive and well. */
export function decideReportInstanceDisconnected(
  state: ClusterState,
  { instanceId, sessionId }: ReportInstanceDisconnected,
): ClusterDecision {
  const instance = state.instances.get(instanceId);
  if (instance === undefined || !instance.connected || instance.sessionId !== sessionId) return accept();
  return accept({ type: 'ContainerInstanceDisconnected', v: 1, containerInstanceId: instanceId, sessionId });
}

/**
 * INACTIVE permanently. With `force` its tasks count as stopped from now on, whatever its agent may still be doing. A decision
 * must fit into the log: an instance with thousands of tasks is DEREGISTERING first, and the command comes again.
 */
export function decideDeregisterContainerInstance(
  state: ClusterState,
  { instanceId, force }: DeregisterContainerInstance,
  { at }: DecisionContext,
): ClusterDecision {
  if (state.status !== 'ACTIVE') return reject(clusterNotFound());
  const instance = state.instances.get(instanceId);
  if (instance === undefined) return reject(instanceNotFound(instanceId));
  if (instance.taskIds.size > 0 && !force) {
    return reject(invalidParameter('Found running tasks on the instance.'));
  }
  const ends = endOfTasks(state, instance);
  if (ends.length === instance.taskIds.size) {
    const expiresAt = at + ENDED_RETENTION_MS;
    const deregistered = {
      type: 'ContainerInstanceDeregistered',
      v: 1,
      containerInstanceId: instanceId,
      expiresAt,
    } as const;
    return { kind: 'accepted', events: [...ends, deregistered] };
  }
  if (instance.status === 'DEREGISTERING') return { kind: 'accepted', events: ends };
  const begun = {
    type: 'ContainerInstanceStatusChanged',
    v: 1,
    containerInstanceId: instanceId,
    status: 'DEREGISTERING',
  } as const;
  return { kind: 'accepted', events: [begun, ...ends] };
}

/** The ends of the instance's tasks, as many as one decision takes. */
function endOfTasks(state: ClusterState, instance: InstanceState): ClusterEvent[] {
  const ends: ClusterEvent[] = [];
  let bytes = 0;
  for (const taskId of instance.taskIds) {
    const task = state.tasks.get(taskId);
    assert(task !== undefined, `instance ${instance.instanceId} holds the unknown task ${taskId}`);
    const end: ClusterEvent = {
      type: 'TaskStopped',
      v: 1,
      taskId,
      cause: 'CONTAINER_INSTANCE_DEREGISTERED',
      // A task that was to stop before ends for that reason.
      stopCode: task.stopCode ?? 'UserInitiated',
      stoppedReason: task.stoppedReason ?? 'Container instance deregistration forced by user',
    };
    bytes += jsonBytes(end);
    if (bytes > TASK_ENDS_BYTES_MAX) break;
    ends.push(end);
  }
  return ends;
}

/** ACTIVE ↔ DRAINING. Unknown and deregistered instances are failures of the answer. */
export function decideUpdateContainerInstancesState(
  state: ClusterState,
  { instanceIds, status }: UpdateContainerInstancesState,
): ClusterDecision {
  const refused = checkStateUpdate(state, instanceIds, status);
  if (refused !== null) return reject(refused);
  const events: ClusterEvent[] = [];
  const known: string[] = [];
  const failures: InstancesAnswer['failures'][number][] = [];
  for (const instanceId of new Set(instanceIds)) {
    const instance = containerInstanceOf(state, instanceId);
    if (instance === undefined) {
      failures.push({ instanceId, reason: state.inactiveInstanceIds.has(instanceId) ? 'INACTIVE' : 'MISSING' });
      continue;
    }
    known.push(instanceId);
    if (instance.status === 'DEREGISTERING') continue;
    // A drain that the agent asked for ends with its session; one that a person asks for does not.
    const isAgents = status === 'DRAINING' && instance.statusCause === 'AGENT';
    if (instance.status === status && !isAgents) continue;
    events.push({ type: 'ContainerInstanceStatusChanged', v: 1, containerInstanceId: instanceId, status });
  }
  return acceptWith({ instanceIds: known, failures } satisfies InstancesAnswer, events);
}

/**
 * The agent is about to end: nothing new is placed here, and services move their tasks. Only the current session may ask.
 * An instance that drains already keeps its reason, so that a person's drain outlives the agent's return.
 */
export function decideDrainContainerInstance(
  state: ClusterState,
  { instanceId, sessionId }: DrainContainerInstance,
): ClusterDecision {
  if (state.inactiveInstanceIds.has(instanceId)) return reject(instanceInactive(instanceId));
  const instance = state.instances.get(instanceId);
  if (instance?.sessionId !== sessionId) return reject(sessionFenced(instanceId));
  if (instance.status !== 'ACTIVE') return accept();
  return accept({
    type: 'ContainerInstanceStatusChanged',
    v: 1,
    containerInstanceId: instanceId,
    status: 'DRAINING',
    cause: 'AGENT',
  });
}

function checkStateUpdate(state: ClusterState, instanceIds: readonly string[], status: string): Rejection | null {
  if (state.status !== 'ACTIVE') return clusterNotFound();
  if (status !== 'ACTIVE' && status !== 'DRAINING') {
    return invalidParameter('Container instance status should be one of [ACTIVE,DRAINING]');
  }
  if (instanceIds.length === 0) return invalidParameter('Container Instances cannot be empty.');
  if (instanceIds.length <= INSTANCES_PER_STATE_UPDATE_MAX) return null;
  return invalidParameter(`Container instances can have at most ${INSTANCES_PER_STATE_UPDATE_MAX} items.`);
}
