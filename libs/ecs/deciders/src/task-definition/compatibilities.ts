import type { Compatibility, Rejection } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { ephemeralStorageFault } from './ephemeral-storage.ts';
import { fargateFault } from './fargate-rules.ts';
import { isWindows } from './mode-check.ts';
import type { FilledTaskDefinition } from './task-definition-defaults.ts';

const KNOWN: readonly string[] = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'];

/**
 * Everything the definition would run on, whether it asks for it or not: always EC2, and each of the others whose rules
 * hold.
 */
export function compatibilitiesOf(definition: FilledTaskDefinition): readonly Compatibility[] {
  const fits: Compatibility[] = ['EC2'];
  if (fitsExternal(definition)) fits.unshift('EXTERNAL');
  if (fargateFault(definition) === null) fits.push('FARGATE');
  if (fitsManagedInstances(definition)) fits.push('MANAGED_INSTANCES');
  return fits;
}

/** Whether the definition keeps what it promises in requiresCompatibilities. */
export function checkCompatibilities(definition: FilledTaskDefinition): Rejection | null {
  const required = definition.requiresCompatibilities ?? [];
  const unknown = required.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) return clientError(`Invalid value for requiresCompatibilities: ${unknown}.`);
  if (required.includes('EXTERNAL') && definition.networkMode === 'awsvpc') {
    return clientError("EXTERNAL launch type does not support network mode 'awsvpc'.");
  }
  if (required.includes('MANAGED_INSTANCES') && !fitsManagedInstances(definition)) {
    return clientError(
      "Managed Instances need network mode 'awsvpc' or 'host', 'cpu' and 'memory' at the task level, Linux, and no Docker volumes.",
    );
  }
  const fault = required.includes('FARGATE') ? fargateFault(definition) : null;
  return fault === null ? checkEphemeralStorage(definition) : clientError(fault);
}

/** Hosts outside Amazon have no network interfaces to give away and take no part in Service Connect. */
function fitsExternal({ networkMode, containerDefinitions, requiresCompatibilities }: FilledTaskDefinition): boolean {
  if (networkMode === 'awsvpc') return false;
  const forServiceConnect = containerDefinitions.some(({ portMappings }) =>
    portMappings.some(({ appProtocol }) => appProtocol !== undefined),
  );
  return !forServiceConnect || requiresCompatibilities?.includes('EXTERNAL') === true;
}

/** ECS developer guide, task definitions for Managed Instances. */
function fitsManagedInstances(definition: FilledTaskDefinition): boolean {
  const { networkMode, cpu, memory } = definition;
  if (networkMode !== 'awsvpc' && networkMode !== 'host') return false;
  if (cpu === undefined || memory === undefined || isWindows(definition)) return false;
  return definition.volumes.every(({ dockerVolumeConfiguration }) => dockerVolumeConfiguration === undefined);
}

/** Only Fargate has storage of its own to give to a task. */
function checkEphemeralStorage(definition: FilledTaskDefinition): Rejection | null {
  const size = definition.ephemeralStorage?.sizeInGiB;
  if (size === undefined) return null;
  const required = definition.requiresCompatibilities ?? [];
  const forFargate = required.length === 0 ? fargateFault(definition) === null : required.includes('FARGATE');
  if (!forFargate) return clientError('Tasks using the EC2 launch type do not support EphemeralStorage.');
  const fault = ephemeralStorageFault(size);
  return fault === null ? null : clientError(fault);
}
