import type { ClusterEvent, PostServiceMessage, TaskStopRequested } from '#libs/ecs/messages';
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

/** A message, and what it is about. */
type Line = Pick<PostServiceMessage, 'kind' | 'message' | 'deploymentId'>;

/** What one service's events of a round add up to. */
interface Summary {
  readonly started: string[];
  readonly stopped: string[];
  readonly unhealthy: string[];
  stoppedPending: number;
  readonly others: Line[];
}

/** The service messages that facts alone call for. The lines of one service follow the order of a rolling update. */
export function messagesOf(
  state: ClusterState,
  events: readonly ClusterEvent[],
  at: number,
): readonly PostServiceMessage[] {
  const summaries = new Map<string, Summary>();
  for (const event of events) add(state, summaries, event);
  return [...summaries].flatMap(([serviceName, summary]) => {
    const service = state.services.get(serviceName);
    if (service === undefined) return [];
    return linesOf(state, service, summary, at).map((line) => ({ type: 'PostServiceMessage', serviceName, ...line }));
  });
}

function add(state: ClusterState, summaries: Map<string, Summary>, event: ClusterEvent): void {
  switch (event.type) {
    case 'TasksPlaced':
      for (const { taskId } of event.placements) {
        const task = state.tasks.get(taskId);
        if (task?.template.serviceName !== undefined)
          summaryOf(summaries, task.template.serviceName).started.push(taskId);
      }
      return;
    case 'TaskStopRequested':
      addStop(summaries, state.tasks.get(event.taskId), event);
      return;
    case 'TaskPlacementFailed':
      if (event.serviceName !== undefined) {
        summaryOf(summaries, event.serviceName).others.push({
          kind: 'TASK_PLACEMENT_FAILED',
          message: unplacedMessage(event.failures, state.services.get(event.serviceName)?.spec.launchType),
        });
      }
      return;
    case 'ServiceStartsDelayed':
      if (event.cause === 'START_FAILED') {
        const line: Line = { kind: 'TASK_START_IMPAIRED', message: START_IMPAIRED_MESSAGE };
        summaryOf(summaries, event.serviceName).others.push(line);
      }
      return;
    case 'DeploymentStarted':
      if (event.rollbackOf !== undefined) {
        summaryOf(summaries, event.serviceName).others.push({
          kind: 'DEPLOYMENT_ROLLING_BACK',
          message: rollingBackMessage(event.deploymentId),
          deploymentId: event.deploymentId,
        });
      }
      return;
    default:
  }
}

/** Only stops of the controller itself; a user knows what a user has stopped. */
function addStop(summaries: Map<string, Summary>, task: TaskState | undefined, event: TaskStopRequested): void {
  const serviceName = task?.template.serviceName;
  if (task === undefined || serviceName === undefined || event.stopCode !== 'ServiceSchedulerInitiated') return;
  const summary = summaryOf(summaries, serviceName);
  if (event.cause === 'HEALTH_CHECK') summary.unhealthy.push(task.taskId);
  if (task.runningSince === null) summary.stoppedPending += 1;
  else summary.stopped.push(task.taskId);
}

function summaryOf(summaries: Map<string, Summary>, serviceName: string): Summary {
  let summary = summaries.get(serviceName);
  if (summary === undefined) {
    summary = { started: [], stopped: [], unhealthy: [], stoppedPending: 0, others: [] };
    summaries.set(serviceName, summary);
  }
  return summary;
}

function linesOf(state: ClusterState, service: ServiceState, summary: Summary, at: number): readonly Line[] {
  const lines: Line[] = summary.unhealthy.map((taskId) => ({
    kind: 'HEALTH_CHECK_FAILED',
    message: failedHealthChecksMessage(taskId),
  }));
  if (summary.started.length > 0) {
    const replaced = Math.min(summary.started.length, countUnhealthy(state, service, at));
    lines.push({ kind: 'TASKS_STARTED', message: startedMessage(summary.started, replaced) });
  }
  if (summary.stopped.length > 0) lines.push({ kind: 'TASKS_STOPPED', message: stoppedMessage(summary.stopped) });
  if (summary.stoppedPending > 0) {
    lines.push({ kind: 'PENDING_TASKS_STOPPED', message: stoppedPendingMessage(summary.stoppedPending) });
  }
  return [...lines, ...summary.others];
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
