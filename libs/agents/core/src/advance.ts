import type { TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import { readiness } from './dependencies.ts';
import { definitionOf, exists, hasBegun, isStarting, isStopping, uncertainContainer } from './known.ts';
import type { KnownContainer, KnownTask, TaskEnding } from './known.ts';
import { needsPause } from './pause-container.ts';
import { isToRestart } from './restart-policy.ts';

const ESSENTIAL_EXITED = 'Essential container in task exited';
const FAILED_TO_START = 'Task failed to start';
const NEVER_STARTED_EXIT_CODE = 143;
const NETWORK_ENDED = 'ContainerNetworkingError: the container that holds the network of the task has ended';
const NAMESPACES_ENDED = 'ResourceInitializationError: the container that holds the namespaces of the task has ended';
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
  if (definition !== undefined && !isStopping(wanted, known)) markRestarting(definition, known);
  // Unknown is not absent: first the containers are looked at.
  if (uncertainContainer(known) !== undefined) return;
  for (const container of known.containers) if (container.phase === 'RUNNING') container.seenRunningAt ??= now;
  if (wanted !== undefined && definition !== undefined) {
    markVanished(wanted, known);
    if (!isStopping(wanted, known)) markImpossible(wanted, definition, known, now);
    noteEssentialExit(wanted, definition, known, now);
    notePauseEnd(wanted, definition, known);
  }
  if (isStopping(wanted, known)) markNeverMade(known);
  advanceStatus(wanted, definition, known, now);
}

/** Even before the others are looked at: what will run again has not ended for any reader of a report. */
function markRestarting(definition: TaskDefinition, known: KnownTask): void {
  for (const container of known.containers) {
    if (container.phase !== 'STOPPED' || container.uncertain || !exists(container)) continue;
    const own = definitionOf(definition, container.name);
    if (own !== undefined && isToRestart(own, container)) container.phase = 'RESTARTING';
  }
}

/** A task that the log has seen RUNNING is never started again: what is missing of it has ended (S6). */
function markVanished(wanted: WantedTask, known: KnownTask): void {
  const { pause, containers } = known;
  if (!isStarting(known)) return;
  const ranBefore = hasBeenRunning(wanted);
  if (ranBefore) for (const container of containers) if (!hasBegun(container)) end(known, container, VANISHED);
  // No other container is made before the pause container runs.
  const mustRun = ranBefore || containers.some(({ runtimeId }) => runtimeId !== null);
  if (mustRun && pause !== null && !hasBegun(pause)) end(known, pause, VANISHED);
}

function hasBeenRunning({ lastStatus }: WantedTask): boolean {
  return TASK_STATUS_RANK[lastStatus] >= TASK_STATUS_RANK.RUNNING;
}

/** Containers whose dependencies can never be met; each one may make others impossible. */
function markImpossible({ launchType }: WantedTask, definition: TaskDefinition, known: KnownTask, now: number): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (const container of known.containers) {
      if (hasBegun(container)) continue;
      const own = definitionOf(definition, container.name);
      if (own === undefined) continue;
      const result = readiness(definition, known, own, now);
      if (result.kind !== 'impossible') continue;
      // The ECS agent reports the exit code of a SIGTERM for a container that was never started; Fargate reports nothing.
      const isFargate = launchType === 'FARGATE';
      if (!isFargate) container.exitCode = NEVER_STARTED_EXIT_CODE;
      end(known, container, isFargate ? null : result.reason);
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
  if (exited.startedAt !== null || hasBeenRunning(wanted))
    return { reason: ESSENTIAL_EXITED, stopCode: 'EssentialContainerExited' };
  // What an unmet dependency is to blame for is said at the container, not at the task.
  const reason = exited.exitCode === NEVER_STARTED_EXIT_CODE ? FAILED_TO_START : (exited.reason ?? FAILED_TO_START);
  return { reason, stopCode: 'TaskFailedToStart' };
}

/** Without the container that holds what they share, the others cannot go on. */
function notePauseEnd(wanted: WantedTask, definition: TaskDefinition, known: KnownTask): void {
  const { pause } = known;
  if (pause?.phase !== 'STOPPED' || !needsPause(definition) || isStopping(wanted, known)) return;
  const ended = definition.networkMode === 'awsvpc' ? NETWORK_ENDED : NAMESPACES_ENDED;
  known.ending = {
    reason: pause.givenUp ? (pause.reason ?? ended) : ended,
    stopCode: known.status === 'RUNNING' || hasBeenRunning(wanted) ? 'EssentialContainerExited' : 'TaskFailedToStart',
  };
  known.revision += 1;
}

function markNeverMade(known: KnownTask): void {
  for (const container of known.containers) {
    if (container.phase === 'RESTARTING') end(known, container, container.reason);
    else if (!hasBegun(container)) end(known, container, null);
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
  if (isStopping(wanted, known)) advanceToStopped(definition, known, now);
  else {
    if (known.status === 'PROVISIONING' && known.networkInterface !== null) known.status = 'PENDING';
    if (known.status === 'PENDING' && definition !== undefined && areUp(definition, known)) {
      known.status = 'RUNNING';
      if (!mayHaveRestarted(wanted, definition)) known.startedAt ??= latest(known, 'startedAt') ?? now;
    }
  }
  if (known.status !== before) known.revision += 1;
}

function advanceToStopped(definition: TaskDefinition | undefined, known: KnownTask, now: number): void {
  if (known.containers.some(({ phase }) => phase === 'RUNNING')) {
    known.status = 'STOPPING';
    return;
  }
  // After a restart the containers show when they ended; the clean-up delay counts from then.
  // The engine's clock may be ahead of ours: nothing has ended in the future.
  const endedAt = Math.min(latest(known, 'finishedAt') ?? now, now);
  if (known.containers.some(({ startedAt }) => startedAt !== null)) known.executionStoppedAt ??= endedAt;
  if (known.pause === null || !exists(known.pause)) {
    known.status = 'STOPPED';
    known.stoppedAt = endedAt;
  } else if (definition?.networkMode === 'awsvpc') {
    // A pause container that only holds namespaces ends without being seen in any status.
    known.status = 'DEPROVISIONING';
  }
}

/** The log has its start; what the containers show of theirs may be a restart under an earlier process. */
function mayHaveRestarted(wanted: WantedTask | undefined, { containerDefinitions }: TaskDefinition): boolean {
  const hasPolicy = containerDefinitions.some(({ restartPolicy }) => restartPolicy?.enabled === true);
  return hasPolicy && wanted !== undefined && hasBeenRunning(wanted);
}

/** All containers run; those that are not essential may have ended already. */
function areUp(definition: TaskDefinition, known: KnownTask): boolean {
  return known.containers.every(
    (container) => hasBegun(container) || definitionOf(definition, container.name) === undefined,
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
