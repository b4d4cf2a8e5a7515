import type { AssignMessage, AssignTask, TaskDefinition, WantedTask } from '#libs/contracts';

/** One message an instance: all changes of its wanted set in one commit, the last word on each task. */
export function assignMessages(effects: readonly AssignTask[], term: number): ReadonlyMap<string, AssignMessage> {
  const drafts = new Map<string, Draft>();
  for (const effect of effects) {
    let draft = drafts.get(effect.instanceId);
    if (draft === undefined) {
      draft = { fromVersion: effect.version - 1, toVersion: effect.version, tasks: new Map(), taskDefinitions: {} };
      drafts.set(effect.instanceId, draft);
    }
    draft.toVersion = effect.version;
    draft.tasks.set(effect.task.taskId, effect.task);
    draft.taskDefinitions[effect.task.taskDefinitionArn] = effect.taskDefinition;
  }
  const messages = new Map<string, AssignMessage>();
  for (const [instanceId, { fromVersion, toVersion, tasks, taskDefinitions }] of drafts) {
    messages.set(instanceId, { term, fromVersion, toVersion, tasks: [...tasks.values()], taskDefinitions });
  }
  return messages;
}

interface Draft {
  readonly fromVersion: number;
  toVersion: number;
  readonly tasks: Map<string, WantedTask>;
  readonly taskDefinitions: Record<string, TaskDefinition>;
}
