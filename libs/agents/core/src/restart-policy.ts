import type { ContainerDefinition } from '#libs/ecs/messages';
import type { KnownContainer } from './known.ts';
import { RESTART_ATTEMPT_PERIOD_SECONDS_DEFAULT } from './limits.ts';

/**
 * Whether a container that has ended is to run again in place (AWS: container restart policies): it ran for so long since
 * its last start, and its exit code is not ignored. Both moments are the runtime's, so that it does not matter when we
 * learn of the end.
 */
export function isToRestart(
  { restartPolicy }: Pick<ContainerDefinition, 'restartPolicy'>,
  { givenUp, exitCode, startedAt, finishedAt }: KnownContainer,
): boolean {
  if (restartPolicy?.enabled !== true || givenUp) return false;
  if (exitCode === null || startedAt === null || finishedAt === null) return false;
  if (restartPolicy.ignoredExitCodes?.includes(exitCode) === true) return false;
  const periodSeconds = restartPolicy.restartAttemptPeriod ?? RESTART_ATTEMPT_PERIOD_SECONDS_DEFAULT;
  return finishedAt - startedAt >= periodSeconds * 1000;
}
