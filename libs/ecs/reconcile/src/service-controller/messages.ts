import { FARGATE_CAPACITY_TEXT } from '#libs/ecs/messages';
import type { RecordedPlacementFailure } from '#libs/ecs/messages';
import { REFUSALS } from '#libs/ecs/placement';

/*
 * Service messages, as ECS words them; the prefix `(service NAME) ` is added where they are recorded.
 * Deploy tools match on them.
 */

const MORE_INFORMATION = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

export const START_IMPAIRED_MESSAGE = 'is unable to consistently start tasks successfully.';

/** `stoppedReason` of tasks that a deployment, a scale-in, a draining instance or a deletion ends. */
export function scalingReason(deploymentId: string): string {
  return `Scaling activity initiated by (deployment ${deploymentId})`;
}

export function startedMessage(taskIds: readonly string[], unhealthyReplaced: number): string {
  const started = `has started ${taskIds.length} tasks: ${listed(taskIds)}.`;
  if (unhealthyReplaced === 0) return started;
  return `${started} Amazon ECS replaced ${unhealthyReplaced} tasks due to an unhealthy status.`;
}

export function stoppedMessage(taskIds: readonly string[]): string {
  return `has stopped ${taskIds.length} running tasks: ${listed(taskIds)}.`;
}

export function stoppedPendingMessage(count: number): string {
  return `stopped ${count} pending tasks.`;
}

export function failedHealthChecksMessage(taskId: string): string {
  return `(task ${taskId}) failed container health checks.`;
}

export function deploymentCompletedMessage(deploymentId: string): string {
  return `(deployment ${deploymentId}) deployment completed.`;
}

export function deploymentFailedMessage(deploymentId: string): string {
  return `(deployment ${deploymentId}) deployment failed: tasks failed to start.`;
}

export function rollingBackMessage(deploymentId: string): string {
  return `rolling back to deployment ${deploymentId}.`;
}

function listed(taskIds: readonly string[]): string {
  return taskIds.map((taskId) => `(task ${taskId})`).join(' ');
}

/** Refusals from the closest match to the farthest, with what is said of the instance. */
const CLOSEST_FIRST: readonly (readonly [reason: string, text: string])[] = [
  [REFUSALS.ports, 'is already using a port required by your task.'],
  [REFUSALS.cpu, 'has insufficient CPU units available.'],
  [REFUSALS.memory, 'has insufficient memory available.'],
  [REFUSALS.attribute, 'is missing an attribute required by your task.'],
];
/** An instance that could take nothing at all. */
const FARTHEST = REFUSALS.agent;

/** Why no instance took a task: the closest match's refusal and what exactly it misses, or that there is no instance. */
export function unplacedMessage(failures: readonly RecordedPlacementFailure[], launchType = 'EC2'): string {
  if (launchType === 'FARGATE') return unplacedOnFargate(failures);
  const unplaced = 'was unable to place a task because no container instance met all of its requirements.';
  const closest = closestMatch(failures);
  const why =
    closest === undefined
      ? `Reason: ${failures[0]?.reason ?? 'No Container Instances were found in your cluster.'}`
      : `The closest matching (container-instance ${closest.containerInstanceId}) ${refusalText(closest.reason)}`;
  // ECS leaves its users to find out what is missing; its own sentences stay whole, because tools match on them.
  const detail = closest?.detail === undefined ? '' : `Detail: ${closest.detail}. `;
  return `${unplaced} ${why} ${detail}${MORE_INFORMATION}`;
}

/** Of Fargate's hosts nothing is said but whether there was room. */
function unplacedOnFargate([failure]: readonly RecordedPlacementFailure[]): string {
  const { reason = REFUSALS.fargate, detail } = failure ?? {};
  const why = reason === REFUSALS.fargate ? FARGATE_CAPACITY_TEXT : reason;
  return `was unable to place a task. Reason: ${why}.${detail === undefined ? '' : ` Detail: ${detail}.`}`;
}

function closestMatch(failures: readonly RecordedPlacementFailure[]): RecordedPlacementFailure | undefined {
  const instances = failures.filter(({ containerInstanceId }) => containerInstanceId !== null);
  for (const [reason] of CLOSEST_FIRST) {
    const match = instances.find((failure) => failure.reason === reason);
    if (match !== undefined) return match;
  }
  return instances.find(({ reason }) => reason !== FARTHEST) ?? instances[0];
}

function refusalText(reason: string): string {
  const known = CLOSEST_FIRST.find(([code]) => code === reason);
  if (known !== undefined) return known[1];
  // A reason that is a sentence keeps its full stop inside the quotes, as in ECS.
  return `encountered error "${reason}${reason.includes(' ') ? '.' : ''}".`;
}
