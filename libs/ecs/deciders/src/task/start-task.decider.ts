import { takesLaunchType } from '#libs/ecs/messages';
import type { Rejection, StartTask } from '#libs/ecs/messages';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState } from '../cluster-state.ts';
import { containerInstanceOf } from '../container-instance/container-instance-of.ts';
import { START_TASK_STARTED_BY_CHARACTERS_MAX, TOKEN_CHARACTERS_MAX } from '../shared/names.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { invalidParameter } from '../shared/rejections.ts';
import { requestTasks } from './standalone-task.ts';

export const START_TASK_INSTANCES_MAX = 10;

/**
 * One task on each of the named instances. Where it does not fit, the instance is unknown (`MISSING`) or deregistered
 * (`INACTIVE`), the answer has a failure.
 */
export function decideStartTask(state: ClusterState, command: StartTask, context: DecisionContext): ClusterDecision {
  return requestTasks(
    state,
    command,
    {
      tokenCharactersMax: TOKEN_CHARACTERS_MAX,
      startedByCharactersMax: START_TASK_STARTED_BY_CHARACTERS_MAX,
      count: command.instanceIds.length,
      instanceIds: command.instanceIds,
      launch: { launchType: launchTypeOf(state, command), strategy: [] },
      constraints: [],
      strategy: [],
      checkLaunch: () => null,
      check: () => checkInstances(command),
    },
    context,
  );
}

/** That of the instances: EXTERNAL where none of them takes anything else. */
function launchTypeOf(state: ClusterState, { instanceIds }: StartTask): string {
  const known = instanceIds.flatMap((instanceId) => containerInstanceOf(state, instanceId) ?? []);
  const isExternal = known.length > 0 && !known.some(({ launchTypes }) => takesLaunchType(launchTypes, 'EC2'));
  return isExternal ? 'EXTERNAL' : 'EC2';
}

function checkInstances({ instanceIds }: StartTask): Rejection | null {
  if (instanceIds.length === 0) return invalidParameter('Container Instances cannot be empty.');
  if (instanceIds.length > START_TASK_INSTANCES_MAX) {
    return invalidParameter(`containerInstances can have at most ${START_TASK_INSTANCES_MAX} items.`);
  }
  return null;
}
