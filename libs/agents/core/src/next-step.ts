import type { TaskDefinition, WantedTask } from '#libs/ecs/messages';
import { mayStop, readiness } from './dependencies.ts';
import { definitionOf, exists, hasBegun, isSettled, isStopping, uncertainContainer } from './known.ts';
import type { KnownContainer, KnownTask } from './known.ts';
import { CLEANUP_DELAY_MS_DEFAULT, KILL_RETRY_MS, STOP_TIMEOUT_SECONDS_DEFAULT } from './limits.ts';
import { needsPause, PAUSE_CONTAINER_NAME } from './pause-container.ts';
import type { Step } from './step.ts';

const WAIT: Step = { kind: 'wait', until: null };

/**
 * The one thing to do next for a task, given that `advance` has drawn all consequences. Ask again after each step.
 *
 * @param wanted the task as the control plane wants it; undefined: found on the host, or no longer in the wanted set
 * @param definition its task definition revision; undefined as above
 * @param now ms since the epoch
 */
export function nextStep(
  wanted: WantedTask | undefined,
  definition: TaskDefinition | undefined,
  known: KnownTask,
  now: number,
  cleanupDelayMs: number = CLEANUP_DELAY_MS_DEFAULT,
): Step {
  if (known.retryAt > now) return { kind: 'wait', until: known.retryAt };
  const uncertain = uncertainContainer(known);
  if (uncertain !== undefined) return { kind: 'inspect', containerName: uncertain.name };
  if (known.status === 'STOPPED') return afterTheEnd(known, now, cleanupDelayMs);
  if (isStopping(wanted, known)) return towardsStopped(definition, known, now);
  // Found on the host, and no session has shown yet what is wanted: it runs on as it is.
  if (wanted === undefined || definition === undefined) return WAIT;
  return towardsRunning(definition, known, now);
}

function towardsRunning(definition: TaskDefinition, known: KnownTask, now: number): Step {
  const first = needsPause(definition) ? towardsShared(known) : undefined;
  if (first !== undefined) return first;
  let until: number | null = null;
  for (const container of known.containers) {
    // What it depends on counts for the first start only.
    if (container.phase === 'RESTARTING') return { kind: 'restart', containerName: container.name };
    if (container.phase === 'RUNNING' || container.phase === 'STOPPED') continue;
    const own = definitionOf(definition, container.name);
    if (own === undefined) continue;
    const result = readiness(definition, known, own, now);
    if (result.kind === 'ready') return { kind: NEXT_OF[container.phase], containerName: container.name };
    if (result.kind === 'waiting') until = sooner(until, result.until);
  }
  return { kind: 'wait', until };
}

/** The pause container comes first; it has no image to pull. */
function towardsShared({ pause, status }: KnownTask): Step | undefined {
  if (pause === null) return undefined;
  if (!hasBegun(pause)) return { kind: pause.phase === 'CREATED' ? 'start' : 'create', containerName: pause.name };
  // It runs, and its address is not there: an agent died in between.
  return status === 'PROVISIONING' ? { kind: 'start', containerName: pause.name } : undefined;
}

const NEXT_OF = { NONE: 'pull', PULLED: 'create', CREATED: 'start' } as const;

/** Stop signal, then stopTimeout, then SIGKILL; all containers at once but for the reverse of their start order. */
function towardsStopped(definition: TaskDefinition | undefined, known: KnownTask, now: number): Step {
  let until: number | null = null;
  let isRunning = false;
  for (const container of known.containers) {
    if (container.phase !== 'RUNNING') continue;
    isRunning = true;
    if (!mayStop(definition, known, container.name)) continue;
    if (container.signalledAt === null) return { kind: 'signal', containerName: container.name };
    const killAt =
      container.killedAt === null
        ? container.signalledAt + stopTimeoutSeconds(definition, container) * 1000
        : container.killedAt + KILL_RETRY_MS;
    if (killAt <= now) return { kind: 'kill', containerName: container.name };
    until = sooner(until, killAt);
  }
  return isRunning ? { kind: 'wait', until } : withoutShared(known, now);
}

/** The pause container outlives all others. It has nothing to finish, and what it wrote is not read. */
function withoutShared({ pause }: KnownTask, now: number): Step {
  if (pause === null || !exists(pause)) return WAIT;
  if (pause.phase !== 'RUNNING') return { kind: 'remove', containerName: pause.name };
  const killAt = pause.killedAt === null ? now : pause.killedAt + KILL_RETRY_MS;
  return killAt <= now ? { kind: 'kill', containerName: pause.name } : { kind: 'wait', until: killAt };
}

function stopTimeoutSeconds(definition: TaskDefinition | undefined, container: KnownContainer): number {
  return (
    definitionOf(definition, container.name)?.stopTimeout ??
    container.stopTimeoutSeconds ??
    STOP_TIMEOUT_SECONDS_DEFAULT
  );
}

/** Containers stay until the log has the end of the task, and some time longer for people who read their output. */
function afterTheEnd(known: KnownTask, now: number, cleanupDelayMs: number): Step {
  if (known.pause !== null && exists(known.pause)) return { kind: 'remove', containerName: PAUSE_CONTAINER_NAME };
  if (!isSettled(known)) return WAIT;
  const standing = known.containers.find(exists);
  if (standing === undefined) return { kind: 'forget' };
  const cleanupAt = (known.stoppedAt ?? 0) + cleanupDelayMs;
  return now < cleanupAt ? { kind: 'wait', until: cleanupAt } : { kind: 'remove', containerName: standing.name };
}

function sooner(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
