import type { ContainerSpec } from '#libs/container-runtime';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import { isTrue, listMember, member, textMember } from './opaque.ts';

/**
 * What the definition asks for and this runtime cannot give. Most of it never gets here, because placement misses the
 * capability; the rest fails with a reason instead of running as something else.
 */
export function unsupportedFeature({ container, taskDefinition }: ContainerSpec): string | undefined {
  return unsupportedOfTask(taskDefinition) ?? unsupportedOfContainer(container);
}

function unsupportedOfTask(taskDefinition: TaskDefinition): string | undefined {
  const mode = taskDefinition.networkMode ?? 'bridge';
  if (mode !== 'bridge' && mode !== 'host' && mode !== 'none') return `networkMode ${mode}`;
  for (const name of ['pidMode', 'ipcMode']) {
    const scope = textMember(taskDefinition, name);
    if (scope !== undefined && scope !== 'host' && scope !== 'none') return `${name} ${scope}`;
  }
  for (const name of ['taskRoleArn', 'proxyConfiguration', 'ephemeralStorage']) {
    if (member(taskDefinition, name) !== undefined) return name;
  }
  if (isTrue(taskDefinition, 'enableFaultInjection')) return 'enableFaultInjection';
  for (const volume of listMember(taskDefinition, 'volumes')) {
    const feature = unsupportedOfVolume(volume);
    if (feature !== undefined) return feature;
  }
  return undefined;
}

function unsupportedOfVolume(volume: unknown): string | undefined {
  for (const kind of [
    'efsVolumeConfiguration',
    'fsxWindowsFileServerVolumeConfiguration',
    's3filesVolumeConfiguration',
  ]) {
    if (member(volume, kind) !== undefined) return kind;
  }
  if (isTrue(volume, 'configuredAtLaunch')) return 'configuredAtLaunch';
  const driver = textMember(member(volume, 'dockerVolumeConfiguration'), 'driver') ?? 'local';
  return driver === 'local' ? undefined : `volume driver ${driver}`;
}

function unsupportedOfContainer(container: ContainerDefinition): string | undefined {
  for (const name of ['secrets', 'environmentFiles', 'resourceRequirements', 'credentialSpecs']) {
    if (listMember(container, name).length > 0) return name;
  }
  for (const name of ['repositoryCredentials', 'firelensConfiguration']) {
    if (member(container, name) !== undefined) return name;
  }
  if (isTrue(member(container, 'restartPolicy'), 'enabled')) return 'restartPolicy';
  const logs = member(container, 'logConfiguration');
  if (listMember(logs, 'secretOptions').length > 0) return 'secretOptions';
  const driver = textMember(logs, 'logDriver');
  // Docker itself would write to CloudWatch, with credentials of the host.
  if (driver === 'awslogs' || driver === 'awsfirelens') return `log driver ${driver}`;
  const hasRange = container.portMappings.some((mapping) => textMember(mapping, 'containerPortRange') !== undefined);
  return hasRange ? 'containerPortRange' : undefined;
}
