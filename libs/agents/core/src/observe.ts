import { REASON_CHARACTERS_MAX } from '#libs/ecs/messages';
import type { HealthStatus, NetworkBinding } from '#libs/ecs/messages';
import type { KnownContainer, KnownTask } from './known.ts';
import type { ContainerObservation } from './step.ts';
import { REPORTED_STATUS } from './task-report.ts';

/** ECS cuts runtime ids here. */
const RUNTIME_ID_CHARACTERS_MAX = 255;

/** Takes in the truth about one container, as the runtime shows it. */
export function observe(known: KnownTask, container: KnownContainer, seen: ContainerObservation): void {
  const before = { ...container };
  container.uncertain = false;
  container.runtimeId = seen.runtimeId.slice(0, RUNTIME_ID_CHARACTERS_MAX);
  if (container.phase === 'RESTARTING') noteRestart(container, seen);
  container.startedAt = seen.startedAt ?? container.startedAt;
  // One that has given up, or whose end is known, stays ended; and one that is to be restarted has not been yet.
  if (container.phase !== 'STOPPED' && container.phase !== 'RESTARTING') container.phase = seen.phase;
  // Of a container that runs again it is the end before that.
  if (seen.phase === 'STOPPED') container.finishedAt = seen.finishedAt ?? container.finishedAt;
  container.stopTimeoutSeconds = seen.stopTimeoutSeconds ?? container.stopTimeoutSeconds;
  container.exitCode = seen.exitCode ?? container.exitCode;
  container.reason ??= cutReason(seen.reason);
  container.imageDigest = seen.imageDigest ?? container.imageDigest;
  container.healthStatus = healthOf(container, seen);
  const { networkBindings = [], gpuIds = [] } = seen;
  if (networkBindings.length > 0) container.networkBindings = networkBindings;
  if (gpuIds.length > 0) container.gpuIds = gpuIds;
  if (container === known.pause) noteAddress(known, seen);
  else if (isReportedOtherwise(before, container)) known.revision += 1;
}

/** It has been started again, and perhaps has ended again since. */
function noteRestart(container: KnownContainer, { phase, startedAt }: ContainerObservation): void {
  const hasRestarted = phase === 'RUNNING' || (startedAt !== undefined && startedAt !== container.startedAt);
  if (!hasRestarted) return;
  container.restartCount += 1;
  Object.assign(container, { phase, exitCode: null, reason: null, finishedAt: null });
}

function noteAddress(known: KnownTask, { networkInterface }: ContainerObservation): void {
  if (networkInterface === undefined) return;
  const before = known.networkInterface;
  known.networkInterface = networkInterface;
  const isSame =
    before?.privateIpv4Address === networkInterface.privateIpv4Address &&
    before.ipv6Address === networkInterface.ipv6Address &&
    before.macAddress === networkInterface.macAddress;
  if (!isSame) known.revision += 1;
}

function isReportedOtherwise(before: KnownContainer, after: KnownContainer): boolean {
  return (
    REPORTED_STATUS[before.phase] !== REPORTED_STATUS[after.phase] ||
    before.exitCode !== after.exitCode ||
    before.reason !== after.reason ||
    before.imageDigest !== after.imageDigest ||
    before.healthStatus !== after.healthStatus ||
    !sameBindings(before.networkBindings, after.networkBindings) ||
    before.gpuIds.length !== after.gpuIds.length
  );
}

/** Dynamic ports change when a container is started again. */
function sameBindings(a: readonly NetworkBinding[], b: readonly NetworkBinding[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every(({ hostPort, hostPortRange }, i) => {
    const other = b[i];
    return other?.hostPort === hostPort && other?.hostPortRange === hostPortRange;
  });
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

export function cutReason(reason: string): string;
export function cutReason(reason: string | undefined): string | null;
export function cutReason(reason: string | undefined): string | null {
  return reason === undefined ? null : reason.slice(0, REASON_CHARACTERS_MAX);
}
