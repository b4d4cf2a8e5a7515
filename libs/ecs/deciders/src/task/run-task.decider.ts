import type { Rejection, RunTask } from '#libs/ecs/messages';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { hasContainerInstances } from '../container-instance/container-instance-of.ts';
import { RUN_TASK_STARTED_BY_CHARACTERS_MAX, RUN_TASK_TOKEN_CHARACTERS_MAX } from '../shared/names.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { invalidParameter } from '../shared/rejections.ts';
import { checkPlatformVersion } from './fargate-platform.ts';
import { checkCompatibility, checkLaunch, checkLaunchIn, launchOf } from './launch.ts';
import type { Launch } from './launch.ts';
import { checkPlacement } from './placement-rules.ts';
import { requestTasks } from './standalone-task.ts';

export const RUN_TASK_COUNT_MAX = 10;

const BOTH_TEXT = 'You may choose a capacity provider or a launch type but not both.';

/**
 * Requests tasks; the scheduler places them in the same decision, and what finds no place is answered as a failure.
 */
export function decideRunTask(state: ClusterState, command: RunTask, context: DecisionContext): ClusterDecision {
  const launch = launchOf(command, state);
  return requestTasks(
    state,
    command,
    {
      tokenCharactersMax: RUN_TASK_TOKEN_CHARACTERS_MAX,
      startedByCharactersMax: RUN_TASK_STARTED_BY_CHARACTERS_MAX,
      count: command.count,
      launch,
      constraints: command.placementConstraints ?? [],
      strategy: command.placementStrategy ?? [],
      checkLaunch: () => checkLaunch(command, BOTH_TEXT) ?? checkLaunchIn(command, state),
      check: () => checkRunTask(state, command, launch),
    },
    context,
  );
}

function checkRunTask(state: ClusterState, command: RunTask, { launchType }: Launch): Rejection | null {
  const { count, resolved, platformVersion, placementConstraints, placementStrategy } = command;
  const { taskDefinition } = resolved;
  if (!Number.isInteger(count) || count < 1 || count > RUN_TASK_COUNT_MAX) {
    return invalidParameter(`count must be between 1 and ${RUN_TASK_COUNT_MAX}.`);
  }
  return (
    checkCompatibility(taskDefinition, launchType === 'FARGATE' ? launchType : command.launchType) ??
    checkPlatformVersion(platformVersion, launchType, taskDefinition) ??
    checkPlacement(placementConstraints, placementStrategy, taskDefinition, launchType) ??
    (launchType === 'FARGATE' || hasContainerInstances(state)
      ? null
      : invalidParameter('No Container Instances were found in your cluster.'))
  );
}
