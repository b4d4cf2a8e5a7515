import { AGENT_MESSAGE_BYTES_MAX } from '#libs/agents/protocol';
import type { AssignMessage } from '#libs/agents/protocol';
import type { AssignTask, WantedTask } from '#libs/ecs/messages';
import { jsonBytes } from '#libs/kernel';

interface Draft {
  readonly sessionId: string;
  readonly fromVersion: number;
  toVersion: number;
  readonly tasks: Map<string, WantedTask>;
  bytes: number;
}

/**
 * All changes of the wanted sets in one commit: per instance one message, or several in their order where one would be
 * too large or the session changed, each with the last state of its tasks.
 */
export function assignMessages(
  effects: readonly AssignTask[],
  term: number,
  bytesMax: number = AGENT_MESSAGE_BYTES_MAX,
): ReadonlyMap<string, readonly AssignMessage[]> {
  const drafts = new Map<string, Draft[]>();
  for (const { instanceId, sessionId, version, task } of effects) {
    const bytes = jsonBytes(task);
    let ofInstance = drafts.get(instanceId);
    if (ofInstance === undefined) {
      ofInstance = [];
      drafts.set(instanceId, ofInstance);
    }
    let draft = ofInstance.at(-1);
    if (draft === undefined || draft.sessionId !== sessionId || draft.bytes + bytes > bytesMax) {
      draft = { sessionId, fromVersion: version - 1, toVersion: version, tasks: new Map(), bytes: 0 };
      ofInstance.push(draft);
    }
    draft.toVersion = version;
    draft.tasks.set(task.taskId, task);
    draft.bytes += bytes;
  }
  const messages = new Map<string, readonly AssignMessage[]>();
  for (const [instanceId, ofInstance] of drafts) {
    messages.set(
      instanceId,
      ofInstance.map(({ sessionId, fromVersion, toVersion, tasks }) => ({
        term,
        sessionId,
        fromVersion,
        toVersion,
        tasks: [...tasks.values()],
      })),
    );
  }
  return messages;
}
