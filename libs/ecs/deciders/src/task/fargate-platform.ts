import type { Rejection, TaskDefinition, TaskOverride, TaskTemplate } from '#libs/ecs/messages';
import { invalidParameter } from '../shared/rejections.ts';
import { ephemeralStorageFault } from '../task-definition/ephemeral-storage.ts';
import { fargateSizeFault } from '../task-definition/fargate-rules.ts';
import { isWindows } from '../task-definition/mode-check.ts';

export const LATEST_PLATFORM_VERSION = 'LATEST';
/** The versions that are not retired (Developer Guide, Fargate platform versions). */
const LINUX_VERSION = '1.4.0';
const WINDOWS_VERSION = '1.0.0';

/** What a Fargate task may write besides volumes where neither the task nor its definition says more. */
const EPHEMERAL_STORAGE_GIBIBYTES_DEFAULT = 20;

/** Platforms are Fargate's. Errors: PlatformUnknown for a version that does not exist, or is retired. */
export function checkPlatformVersion(
  platformVersion: string | undefined,
  launchType: string,
  taskDefinition: TaskDefinition,
): Rejection | null {
  if (platformVersion === undefined) return null;
  if (launchType !== 'FARGATE') {
    return invalidParameter(`The platform version must be null when specifying an ${launchType} launch type.`);
  }
  if (platformVersion === LATEST_PLATFORM_VERSION || platformVersion === platformVersionOf(taskDefinition)) return null;
  return { code: 'PlatformUnknown', message: 'The specified platform does not exist.' };
}

/** What LATEST is for tasks of this definition. */
export function platformVersionOf(taskDefinition: TaskDefinition): string {
  return isWindows(taskDefinition) ? WINDOWS_VERSION : LINUX_VERSION;
}

/** Checks overrides that have a meaning on Fargate alone, and sizes, which Fargate has certain ones of. */
export function checkFargateOverrides(
  { cpu, memory, ephemeralStorage }: TaskOverride,
  launchType: string,
  taskDefinition: TaskDefinition,
): Rejection | null {
  if (launchType !== 'FARGATE') {
    return ephemeralStorage === undefined
      ? null
      : invalidParameter('Tasks using the EC2 launch type do not support EphemeralStorage.');
  }
  const size = { ...taskDefinition, ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
  const fault =
    (cpu === undefined && memory === undefined ? null : fargateSizeFault(size)) ??
    (ephemeralStorage === undefined ? null : ephemeralStorageFault(ephemeralStorage.sizeInGiB));
  return fault === null ? null : invalidParameter(fault);
}

/** What the template of Fargate tasks has that others have not. */
export function fargateMembers(
  launchType: string,
  taskDefinition: TaskDefinition,
  overrides: TaskOverride = {},
): Pick<TaskTemplate, 'platformVersion' | 'ephemeralStorageGiB'> {
  if (launchType !== 'FARGATE') return {};
  const storage = overrides.ephemeralStorage ?? taskDefinition.ephemeralStorage;
  return {
    platformVersion: platformVersionOf(taskDefinition),
    ephemeralStorageGiB: storage?.sizeInGiB ?? EPHEMERAL_STORAGE_GIBIBYTES_DEFAULT,
  };
}
