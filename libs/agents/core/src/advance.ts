import type { TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import { readiness } from './dependencies.ts';
import { definitionOf, isStopping } from './known.ts';
import type { KnownContainer, KnownTask, TaskEnding } from './known.ts';

const ESSENTIAL_EXITED = 'Essential container in task exited';
const FAILED_TO_START = 'Task failed to start';
const NEVER_STARTED_EXIT_CODE = 143;
const VANISHED = 'ContainerVanishedError: the container is gone from the container runtime';

/**
 * Draws the consequences of what is known about a task's containers: whether the task must end, which containers will
 * never be made, and the status that follows. Changes `known` in place; asking twice changes nothing the second time.
 */
export function advance(
  wanted: WantedTask | undefined,
  definition: TaskDefinition | undefined,
  known: KnownTask,
  now: number,
): void {
  if (known.status === 'STOPPED') return;
  // Unknown is not absent: first the containers are looked at.
  if (known.containers.some(({ uncertain }) => uncertain)) return;
  for (const container of known.containers) if (container.phase === 'RUNNING') container.seenRunningAt ??= now;
  if (wanted !== undefined && definition !== undefined) {
    markVanished(wanted, known);
    if (!isStopping(wanted, known)) markImpossible(definition, known, now);
    noteEssentialExit(wanted, definition, known, now);
  }
  if (isStopping(wanted, known)) markNeverMade(known);
  advanceStatus(wanted, definition, known, now);
}

/** A task that the log has seen RUNNING is never started again: what is missing of it has ended (S6). */
function markVanished(wanted: WantedTask, known: KnownTask): void {
  const ranBefore = TASK_STATUS_RANK[wanted.lastStatus] >= TASK_STATUS_RANK.RUNNING;
  if (!ranBefore || known.status !== 'PENDING') return;
  for (const container of known.containers) {
    if (container.phase !== 'RUNNING' && container.phase !== 'STOPPED') end(known, container, VANISHED);
  }
}

/** Containers whose dependencies can never be met; each one may make others impossible. */
function markImpossible(definition: TaskDefinition, known: KnownTask, now: number): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (const container of known.containers) {
      if (container.phase === 'RUNNING' || container.phase === 'STOPPED') continue;
      const own = definitionOf(definition, container.name);
      if (own === undefined) continue;
      const result = readiness(definition, known, own, now);
      if (result.kind !== 'impossible') continue;
      // The ECS agent reports the exit code of a SIGTERM for a container that was never started.
      container.exitCode = NEVER_STARTED_EXIT_CODE;
      end(known, container, result.reason);
      changed = true;
    }
  }
}

function noteEssentialExit(wanted: WantedTask, definition: TaskDefinition, known: KnownTask, now: number): void {
  if (known.ending !== null) return;
  const exited = known.containers.find(
    ({ name, phase }) => phase === 'STOPPED' && definitionOf(definition, name)?.essential === true,
  );
  if (exited === undefined) return;
  if (exited.startedAt !== null) known.executionStoppedAt ??= exited.finishedAt ?? now;
  // A container that was asked to stop gives no reason of its own.
  if (isStopping(wanted, known)) return;
  known.ending = endingBy(wanted, exited);
  known.revision += 1;
}

function endingBy(wanted: WantedTask, exited: KnownContainer): TaskEnding {
  const ranBefore = exited.startedAt !== null || TASK_STATUS_RANK[wanted.lastStatus] >= TASK_STATUS_RANK.RUNNING;
  if (ranBefore) return { reason: ESSENTIAL_EXITED, stopCode: 'EssentialContainerExited' };
  // What an unmet dependency is to blame for is said at the container, not at the task.
  const reason = exited.exitCode === NEVER_STARTED_EXIT_CODE ? FAILED_TO_START : (exited.reason ?? FAILED_TO_START);
  return { reason, stopCode: 'TaskFailedToStart' };
}

function markNeverMade(known: KnownTask): void {
  for (const container of known.containers) {
    if (container.phase === 'NONE' || container.phase === 'PULLED' || container.phase === 'CREATED') {
      end(known, container, null);
    }
  }
}

function end(known: KnownTask, container: KnownContainer, reason: string | null): void {
  container.phase = 'STOPPED';
  container.reason = reason;
  known.revision += 1;
}

function advanceStatus(
  wanted: WantedTask | undefined,
  definition: TaskDefinition | undefined,
  known: KnownTask,
  now: number,
): void {
  const before = known.status;
  const running = known.containers.some(({ phase }) => phase === 'RUNNING');
  if (isStopping(wanted, known)) {
    if (running) known.status = 'STOPPING';
    else {
      known.status = 'STOPPED';
      // After a restart the containers show when they ended; the clean-up delay counts from then.
      // The engine's clock may be ahead of ours: nothing has ended in the future.
      known.stoppedAt = Math.min(latest(known, 'finishedAt') ?? now, now);
      if (known.containers.some(({ startedAt }) => startedAt !== null)) known.executionStoppedAt ??= known.stoppedAt;
    }
  } else if (known.status === 'PENDING' && definition !== undefined && isUp(definition, known)) {
    known.status = 'RUNNING';
    known.startedAt ??= latest(known, 'startedAt') ?? now;
  }
  if (known.status !== before) known.revision += 1;
}

/** All containers run; those that are not essential may have ended already. */
function isUp(definition: TaskDefinition, known: KnownTask): boolean {
  return known.containers.every(
    ({ name, phase }) => phase === 'RUNNING' || phase === 'STOPPED' || definitionOf(definition, name) === undefined,
  );
}

function latest(known: KnownTask, moment: 'startedAt' | 'finishedAt'): number | null {
  let result: number | null = null;
  for (const container of known.containers) {
    const at = container[moment];
    if (at !== null && (result === null || at > result)) result = at;
  }
  return result;
}
