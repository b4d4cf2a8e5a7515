import type { ClusterEvent, PostServiceMessage, TaskStopRequested } from '#libs/ecs/messages';
import { FAILED_HEALTH_CHECKS_REASON } from '#libs/ecs/deciders';
import type { ClusterState, ServiceState, TaskState } from '#libs/ecs/deciders';
import {
  failedHealthChecksMessage,
  rollingBackMessage,
  START_IMPAIRED_MESSAGE,
  startedMessage,
  stoppedMessage,
  stoppedPendingMessage,
  unplacedMessage,
} from './messages.ts';
import { standingOf } from './standing.ts';

/** What one service's events of a round add up to. */
interface Tale {
  readonly started: string[];
  readonly stopped: string[];
  readonly unhealthy: string[];
  stoppedPending: number;
  readonly others: string[];
}

/** The service messages that facts alone call for. The lines of one service follow the order of a rolling update. */
export function messagesOf(
  state: ClusterState,
  events: readonly ClusterEvent[],
  at: number,
): readonly PostServiceMessage[] {
  const tales = new Map<string, Tale>();
  for (const event of events) tell(state, tales, event);
  return [...tales].flatMap(([serviceName, tale]) => {
    const service = state.services.get(serviceName);
    if (service === undefined) return [];
    return linesOf(state, service, tale, at).map((message) => ({
      type: 'PostServiceMessage' as const,
      serviceName,
      message,
    }));
  });
}

function tell(state: ClusterState, tales: Map<string, Tale>, event: ClusterEvent): void {
  switch (event.type) {
    case 'TasksPlaced':
      for (const { taskId } of event.placements) {
        const task = state.tasks.get(taskId);
        if (task?.template.serviceName !== undefined) taleOf(tales, task.template.serviceName).started.push(taskId);
      }
      return;
    case 'TaskStopRequested':
      tellStop(tales, state.tasks.get(event.taskId), event);
      return;
    case 'TasksPlacementFailed':
      if (event.serviceName !== undefined) {
        taleOf(tales, event.serviceName).others.push(unplacedMessage(event.failures));
      }
      return;
    case 'ServiceStartsDelayed':
      if (state.services.get(event.serviceName)?.startObstacle === 'START_FAILED') {
        taleOf(tales, event.serviceName).others.push(START_IMPAIRED_MESSAGE);
      }
      return;
    case 'DeploymentStarted':
      if (event.rollbackOf !== undefined) {
        taleOf(tales, event.serviceName).others.push(rollingBackMessage(event.deploymentId));
      }
      return;
    default:
  }
}

/** Only stops of the controller itself are told; a user knows what a user has stopped. */
function tellStop(tales: Map<string, Tale>, task: TaskState | undefined, event: TaskStopRequested): void {
  const serviceName = task?.template.serviceName;
  if (task === undefined || serviceName === undefined || event.stopCode !== 'ServiceSchedulerInitiated') return;
  const tale = taleOf(tales, serviceName);
  if (event.stoppedReason === FAILED_HEALTH_CHECKS_REASON) tale.unhealthy.push(task.taskId);
  if (task.runningSince === null) tale.stoppedPending += 1;
  else tale.stopped.push(task.taskId);
}

function taleOf(tales: Map<string, Tale>, serviceName: string): Tale {
  let tale = tales.get(serviceName);
  if (tale === undefined) {
    tale = { started: [], stopped: [], unhealthy: [], stoppedPending: 0, others: [] };
    tales.set(serviceName, tale);
  }
  return tale;
}

function linesOf(state: ClusterState, service: ServiceState, tale: Tale, at: number): readonly string[] {
  const lines = tale.unhealthy.map(failedHealthChecksMessage);
  if (tale.started.length > 0) {
    const replaced = Math.min(tale.started.length, countUnhealthy(state, service, at));
    lines.push(startedMessage(tale.started, replaced));
  }
  if (tale.stopped.length > 0) lines.push(stoppedMessage(tale.stopped));
  if (tale.stoppedPending > 0) lines.push(stoppedPendingMessage(tale.stoppedPending));
  return [...lines, ...tale.others];
}

/** Tasks of the primary deployment that wait for their replacement because of their health. */
function countUnhealthy(state: ClusterState, service: ServiceState, at: number): number {
  const primary = service.deployments[0];
  if (primary === undefined || !primary.hasHealthCheck) return 0;
  let count = 0;
  for (const taskId of primary.unsettled.keys()) {
    const task = state.tasks.get(taskId);
    if (task !== undefined && standingOf(service, task, at) === 'unhealthy') count += 1;
  }
  return count;
}
