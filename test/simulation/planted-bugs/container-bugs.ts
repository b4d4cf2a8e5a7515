import { AgentCore } from '#libs/agents/core';
import type { CallResult, InventoryItem } from '#libs/agents/core';
import type { AssignMessage, AgentRefusal } from '#libs/agents/protocol';
import type { WantedPage } from '#libs/ecs/messages';
import { agent, doing, insteadOf, reading, StartsAgain } from './broken-agents.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Bugs in what agents believe of containers and do to them. */
export const CONTAINER_BUGS: readonly PlantedBug[] = [
  {
    what: 'a missing answer is taken for a container that is gone',
    where: 'agent core, inventory',
    invariant: 'S9',
    within: 25,
    seed: 3,
    parts: agent(
      class extends AgentCore {
        override inventoryFailed(now: number): void {
          this.inventory([], now);
        }

        override inventory(items: readonly InventoryItem[], now: number): void {
          super.inventory(items, now);
        }

        override stepDone(stepId: number, result: CallResult, now: number): void {
          super.stepDone(stepId, result.kind === 'failed' && result.retry ? { kind: 'gone' } : result, now);
        }
      },
    ),
  },
  {
    what: 'containers of unknown tasks are not seen',
    where: 'agent core, inventory',
    invariant: 'S9',
    within: 25,
    seed: 1,
    parts: agent(
      class extends AgentCore {
        readonly #wanted = new Set<string>();

        override wantedAnswered(attempt: number, answer: WantedPage | AgentRefusal | null, now: number): void {
          if (answer !== null && 'tasks' in answer) for (const { taskId } of answer.tasks) this.#wanted.add(taskId);
          super.wantedAnswered(attempt, answer, now);
        }

        override assign(message: AssignMessage, now: number): void {
          for (const { taskId } of message.tasks) this.#wanted.add(taskId);
          super.assign(message, now);
        }

        override inventory(items: readonly InventoryItem[], now: number): void {
          super.inventory(
            items.filter(({ taskId }) => this.#wanted.has(taskId)),
            now,
          );
        }
      },
    ),
  },
  {
    what: 'containers that have ended are never removed',
    where: 'agent core, clean-up',
    invariant: 'S9',
    within: 25,
    seed: 5,
    // Those of tasks with a pause container are left out, which would not end without it.
    parts: doing(
      ((): Parameters<typeof doing>[0] => {
        const withPause = new Set<string>();
        return (output) => {
          if (output.call.call === 'create' && output.call.spec.kind === 'pause') withPause.add(output.taskId);
          return output.call.call === 'remove' && !withPause.has(output.taskId) ? null : output;
        };
      })(),
    ),
  },
  {
    what: 'containers are removed instead of stopped',
    where: 'agent core, steps',
    invariant: 'S15',
    within: 25,
    seed: 1,
    parts: insteadOf('signal', 'remove'),
  },
  {
    what: 'containers are killed without a stop signal',
    where: 'agent core, steps',
    invariant: 'S15',
    within: 25,
    seed: 1,
    parts: insteadOf('signal', 'kill'),
  },
  {
    what: 'stopTimeout is taken for a second',
    where: 'agent core, steps',
    invariant: 'S15',
    within: 25,
    seed: 1,
    parts: reading((container) => ({ ...container, stopTimeout: 1 })),
  },
  {
    what: 'containers start without waiting for others',
    where: 'agent core, dependencies',
    invariant: 'S15',
    within: 25,
    seed: 1,
    parts: reading((container) => ({ ...container, dependsOn: [] })),
  },
  {
    what: 'a dependency counts as met once it has started',
    where: 'agent core, dependencies',
    invariant: 'S15',
    within: 25,
    seed: 1,
    parts: reading(({ dependsOn = [], ...container }) => ({
      ...container,
      dependsOn: dependsOn.map((dependency) => ({ ...dependency, condition: 'START' })),
    })),
  },
  {
    what: 'COMPLETE is enough where SUCCESS is asked for',
    where: 'agent core, dependencies',
    invariant: 'S15',
    within: 25,
    seed: 2,
    parts: reading(({ dependsOn = [], ...container }) => ({
      ...container,
      dependsOn: dependsOn.map((dependency) =>
        dependency.condition === 'SUCCESS' ? { ...dependency, condition: 'COMPLETE' } : dependency,
      ),
    })),
  },
  {
    what: 'no container is essential',
    where: 'agent core, essential containers',
    invariant: 'S15',
    within: 25,
    seed: 1,
    parts: reading((container) => ({ ...container, essential: false })),
  },
  {
    what: 'every container is essential',
    where: 'agent core, essential containers',
    invariant: 'S15',
    within: 25,
    seed: 4,
    parts: reading((container) => ({ ...container, essential: true })),
  },
  {
    what: 'a task that has been RUNNING is started once more when its containers are gone',
    where: 'agent core, restart',
    invariant: 'S6',
    within: 50,
    seed: 5,
    parts: agent(StartsAgain),
  },
  {
    what: 'containers that have ended are started again in place without a policy',
    where: 'agent core, restart policy',
    invariant: 'S29',
    within: 25,
    seed: 3,
    parts: insteadOf('remove', 'restart'),
  },
  {
    what: 'the engine starts ended containers again',
    where: 'restart policy of containers',
    invariant: 'S6',
    within: 25,
    seed: 2,
    parts: { enginesRestartContainers: true },
  },
];
