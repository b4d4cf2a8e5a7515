import type { OwnContainerSpec } from '#libs/container-runtime';
import type { ContainerDefinition, TaskDefinition, Volume } from '#libs/ecs/messages';

/**
 * What the definition asks for and this runtime cannot give. Most of it never gets here, because placement misses the
 * capability; the rest fails with a reason instead of running as something else.
 */
export function unsupportedFeature(
  { container, taskDefinition }: OwnContainerSpec,
  { privileged = true }: { readonly privileged?: boolean | undefined } = {},
): string | undefined {
  if (container.privileged === true && !privileged) return 'privileged';
  return unsupportedOfTask(taskDefinition) ?? unsupportedOfContainer(container);
}

function unsupportedOfTask(taskDefinition: TaskDefinition): string | undefined {
  for (const name of ['taskRoleArn', 'proxyConfiguration'] as const) {
    if (taskDefinition[name] !== undefined) return name;
  }
  if (taskDefinition.enableFaultInjection === true) return 'enableFaultInjection';
  for (const volume of taskDefinition.volumes ?? []) {
    const feature = unsupportedOfVolume(volume);
    if (feature !== undefined) return feature;
  }
  return undefined;
}

function unsupportedOfVolume(volume: Volume): string | undefined {
  const kinds = ['fsxWindowsFileServerVolumeConfiguration', 's3filesVolumeConfiguration'] as const;
  return kinds.find((kind) => volume[kind] !== undefined);
}

function unsupportedOfContainer(container: ContainerDefinition): string | undefined {
  for (const name of ['secrets', 'environmentFiles', 'credentialSpecs'] as const) {
    if ((container[name] ?? []).length > 0) return name;
  }
  for (const { type, sharingStrategy } of container.resourceRequirements ?? []) {
    if (type !== 'GPU') return `resourceRequirements of type ${type}`;
    if (sharingStrategy !== undefined) return 'sharingStrategy';
  }
  if (container.firelensConfiguration !== undefined) return 'firelensConfiguration';
  const { logDriver: driver, secretOptions = [] } = container.logConfiguration ?? {};
  if (secretOptions.length > 0) return 'secretOptions';
  // Docker itself would write to CloudWatch, with credentials of the host.
  if (driver === 'awslogs' || driver === 'awsfirelens') return `log driver ${driver}`;
  return undefined;
}
