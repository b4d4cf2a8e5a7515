import type { Rejection, RunTask } from '#libs/ecs/messages';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { hasContainerInstances } from '../container-instance/container-instance-of.ts';
import { RUN_TASK_STARTED_BY_CHARACTERS_MAX, RUN_TASK_TOKEN_CHARACTERS_MAX } from '../shared/names.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { invalidParameter } from '../shared/rejections.ts';
import { checkCompatibility, checkLaunch } from './launch-type.ts';
import type { Launch } from './launch-type.ts';
import { checkPlacement } from './placement-rules.ts';
import { requestTasks } from './standalone-task.ts';

export const RUN_TASK_COUNT_MAX = 10;

/**
 * Requests tasks; the scheduler places them in the same decision, and what finds no place is answered as a failure.
 */
export function decideRunTask(state: ClusterState, command: RunTask, context: DecisionContext): ClusterDecision {
  return requestTasks(
    state,
    command,
    {
      tokenCharactersMax: RUN_TASK_TOKEN_CHARACTERS_MAX,
      startedByCharactersMax: RUN_TASK_STARTED_BY_CHARACTERS_MAX,
      count: command.count,
      launchType: command.launchType ?? 'EC2',
      constraints: command.placementConstraints ?? [],
      strategy: command.placementStrategy ?? [],
      checkLaunch: () => checkLaunch(launchOf(state, command)),
      check: () => checkRunTask(state, command),
    },
    context,
  );
}

function checkRunTask(state: ClusterState, command: RunTask): Rejection | null {
  const { count, resolved } = command;
  if (!Number.isInteger(count) || count < 1 || count > RUN_TASK_COUNT_MAX) {
    return invalidParameter(`count must be between 1 and ${RUN_TASK_COUNT_MAX}.`);
  }
  return (
    checkCompatibility(resolved.taskDefinition, command.launchType) ??
    checkPlatformVersion(command) ??
    checkPlacement(command.placementConstraints, command.placementStrategy, resolved.taskDefinition) ??
    (!hasContainerInstances(state) ? invalidParameter('No Container Instances were found in your cluster.') : null)
  );
}

/** Platforms are Fargate's. */
function checkPlatformVersion({ platformVersion, launchType = 'EC2' }: RunTask): Rejection | null {
  if (platformVersion === undefined) return null;
  return invalidParameter(`The platform version must be null when specifying an ${launchType} launch type.`);
}

function launchOf(state: ClusterState, { launchType, capacityProviderStrategy }: RunTask): Launch {
  return {
    launchType,
    capacityProviderStrategy,
    defaultStrategy: state.defaultCapacityProviderStrategy,
    bothText: 'You may choose a capacity provider or a launch type but not both.',
  };
}
