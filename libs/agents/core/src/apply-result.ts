import { backoffMs } from '#libs/kernel';
import {
  ADDRESS_ATTEMPTS_MAX,
  CALL_RETRY_MS_MAX,
  CALL_RETRY_MS_MIN,
  PULL_ATTEMPTS_MAX,
  PULL_RETRY_MS_MAX,
  PULL_RETRY_MS_MIN,
} from './limits.ts';
import { containerOf } from './known.ts';
import type { KnownContainer, KnownTask } from './known.ts';
import { cutReason, observe } from './observe.ts';
import type { CallResult, Step } from './step.ts';

/** A step that was performed on a container. */
export type PerformedStep = Extract<Step, { readonly containerName: string }>;

const SIGNAL_RETRIES_MAX = 3;
/** Steps that a runtime can refuse for good. */
const MAKING: ReadonlySet<Step['kind']> = new Set(['create', 'start', 'restart']);

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
      if (step.kind === 'pull') {
        container.phase = 'PULLED';
        container.imageId = result.imageId ?? null;
      } else if (step.kind === 'remove') container.removed = true;
      else if (result.observation !== undefined) observe(known, container, result.observation);
      if (step.kind === 'start') noteMissingAddress(known, container, now);
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

/** A pause container that runs without the address that its task needs: it is asked to get one, but not without end. */
function noteMissingAddress(known: KnownTask, container: KnownContainer, now: number): void {
  const isMissing = container === known.pause && known.status === 'PROVISIONING' && known.networkInterface === null;
  if (!isMissing || container.phase !== 'RUNNING') return;
  container.failedAttempts += 1;
  if (container.failedAttempts < ADDRESS_ATTEMPTS_MAX) {
    known.retryAt = now + backoffMs(container.failedAttempts, CALL_RETRY_MS_MIN, CALL_RETRY_MS_MAX);
  } else {
    giveUp(known, container, 'ContainerNetworkingError: the container runtime gave the task no network interface');
  }
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
    container.failedAttempts += 1;
    if (retry && container.failedAttempts < PULL_ATTEMPTS_MAX) {
      known.retryAt = now + backoffMs(container.failedAttempts, PULL_RETRY_MS_MIN, PULL_RETRY_MS_MAX);
      return;
    }
  } else if (retry || !MAKING.has(step.kind)) {
    // What happened is unknown, or the container resists; it is looked at again, for as long as that takes.
    known.failures += 1;
    known.retryAt = now + backoffMs(known.failures, CALL_RETRY_MS_MIN, CALL_RETRY_MS_MAX);
    container.uncertain = true;
    return;
  }
  settled(known);
  giveUp(known, container, cutReason(`${name}: ${detail}`));
}

function giveUp(known: KnownTask, container: KnownContainer, reason: string): void {
  container.givenUp = true;
  container.phase = 'STOPPED';
  container.reason = reason;
  known.revision += 1;
}
