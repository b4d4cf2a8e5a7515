import { REASON_CHARACTERS_MAX } from '#libs/ecs/messages';
import type { HealthStatus } from '#libs/ecs/messages';
import { backoffMs } from '#libs/kernel';
import {
  CALL_RETRY_MS_MAX,
  CALL_RETRY_MS_MIN,
  PULL_ATTEMPTS_MAX,
  PULL_RETRY_MS_MAX,
  PULL_RETRY_MS_MIN,
} from './limits.ts';
import { containerOf } from './known.ts';
import type { KnownContainer, KnownTask } from './known.ts';
import type { CallResult, ContainerObservation, Step } from './step.ts';

/** A step that was performed on a container. */
export type PerformedStep = Extract<Step, { readonly containerName: string }>;

const SIGNAL_RETRIES_MAX = 3;
/** ECS cuts runtime ids here. */
const RUNTIME_ID_CHARACTERS_MAX = 255;

/** Takes in how a step ended. Only changes what is known; `advance` draws the consequences. */
export function applyResult(known: KnownTask, step: PerformedStep, result: CallResult, now: number): void {
  const container = containerOf(known, step.containerName);
  if (container === undefined) return;
  if (step.kind === 'pull') known.pullStoppedAt = now;
  if (step.kind === 'signal' && isOver(known, result)) container.signalledAt ??= now;
  if (step.kind === 'kill') container.killedAt = now;
  switch (result.kind) {
    case 'done':
      settled(known);
      if (step.kind === 'pull') container.phase = 'PULLED';
      else if (step.kind === 'remove') container.removed = true;
      else if (result.observation !== undefined) observe(known, container, result.observation);
      break;
    case 'gone':
      settled(known);
      vanished(known, container);
      break;
    case 'failed':
      failed(known, container, step, result, now);
      break;
  }
}

/** A stop signal that may not have arrived is sent again, but not without end: SIGKILL must come some time. */
function isOver(known: KnownTask, result: CallResult): boolean {
  return result.kind !== 'failed' || !result.retry || known.failures >= SIGNAL_RETRIES_MAX;
}

/** The truth about one container, as the runtime shows it. */
export function observe(known: KnownTask, container: KnownContainer, seen: ContainerObservation): void {
  container.uncertain = false;
  container.runtimeId = seen.runtimeId.slice(0, RUNTIME_ID_CHARACTERS_MAX);
  container.startedAt = seen.startedAt ?? container.startedAt;
  container.finishedAt = seen.finishedAt ?? container.finishedAt;
  container.stopTimeoutSeconds = seen.stopTimeoutSeconds ?? container.stopTimeoutSeconds;
  // One that we have given up (it could not be started) stays ended, and its reason with it.
  const phase = container.phase === 'STOPPED' ? 'STOPPED' : seen.phase;
  const exitCode = seen.exitCode ?? container.exitCode;
  const reason = container.reason ?? cutReason(seen.reason);
  const imageDigest = seen.imageDigest ?? container.imageDigest;
  const healthStatus = healthOf(container, seen);
  const networkBindings =
    seen.networkBindings === undefined || seen.networkBindings.length === 0
      ? container.networkBindings
      : seen.networkBindings;
  const changed =
    phase !== container.phase ||
    exitCode !== container.exitCode ||
    reason !== container.reason ||
    imageDigest !== container.imageDigest ||
    healthStatus !== container.healthStatus ||
    networkBindings.length !== container.networkBindings.length;
  Object.assign(container, { phase, exitCode, reason, imageDigest, healthStatus, networkBindings });
  if (changed) known.revision += 1;
}

/**
 * The end of a container is not a health result: what was last seen of it while it ran stays. Once it is asked to stop, a
 * failing check says nothing more either.
 */
function healthOf(container: KnownContainer, seen: ContainerObservation): HealthStatus | null {
  if (seen.healthStatus === undefined) return container.healthStatus;
  const isEnding = seen.phase === 'STOPPED' || container.signalledAt !== null;
  return isEnding ? (container.healthStatus ?? seen.healthStatus) : seen.healthStatus;
}

function settled(known: KnownTask): void {
  known.failures = 0;
  known.retryAt = 0;
}

function vanished(known: KnownTask, container: KnownContainer): void {
  container.uncertain = false;
  container.removed = container.runtimeId !== null;
  // A creation whose answer was lost, and which never happened: it is simply tried again.
  if (container.runtimeId === null || container.phase === 'STOPPED') return;
  container.phase = 'STOPPED';
  container.reason = 'ContainerVanishedError: the container is gone from the container runtime';
  known.revision += 1;
}

function failed(
  known: KnownTask,
  container: KnownContainer,
  step: PerformedStep,
  { name, detail, retry }: Extract<CallResult, { kind: 'failed' }>,
  now: number,
): void {
  if (step.kind === 'pull') {
    container.pullAttempts += 1;
    if (retry && container.pullAttempts < PULL_ATTEMPTS_MAX) {
      known.retryAt = now + backoffMs(container.pullAttempts, PULL_RETRY_MS_MIN, PULL_RETRY_MS_MAX);
      return;
    }
  } else if (retry || (step.kind !== 'create' && step.kind !== 'start')) {
    // What happened is unknown, or the container resists; it is looked at again, for as long as that takes.
    known.failures += 1;
    known.retryAt = now + backoffMs(known.failures, CALL_RETRY_MS_MIN, CALL_RETRY_MS_MAX);
    container.uncertain = true;
    return;
  }
  settled(known);
  container.phase = 'STOPPED';
  container.reason = cutReason(`${name}: ${detail}`);
  known.revision += 1;
}

function cutReason(reason: string): string;
function cutReason(reason: string | undefined): string | null;
function cutReason(reason: string | undefined): string | null {
  return reason === undefined ? null : reason.slice(0, REASON_CHARACTERS_MAX);
}
