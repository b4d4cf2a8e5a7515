import type { Attribute, TaskDefinition, TaskOverride } from '#libs/ecs/messages';

/** On container instances the runtime platform is a placement requirement. */
export function platformAttributes({ runtimePlatform }: TaskDefinition): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const { cpuArchitecture, operatingSystemFamily } = runtimePlatform ?? {};
  if (operatingSystemFamily !== undefined) {
    const windows = operatingSystemFamily.startsWith('WINDOWS');
    attributes.push({ name: 'ecs.os-type', value: windows ? 'windows' : 'linux' });
    if (windows) attributes.push({ name: 'ecs.os-family', value: operatingSystemFamily });
  }
  if (cpuArchitecture !== undefined) {
    attributes.push({ name: 'ecs.cpu-architecture', value: cpuArchitecture.toLowerCase() });
  }
  return attributes;
}

/** What overrides need beyond the definition: a role for the task, files with its environment, storage. */
export function overrideAttributes({ networkMode }: TaskDefinition, overrides: TaskOverride): readonly Attribute[] {
  const attributes: Attribute[] = [];
  if (overrides.taskRoleArn !== undefined) {
    attributes.push({ name: 'com.amazonaws.ecs.capability.task-iam-role' });
    if (networkMode === 'host') attributes.push({ name: 'com.amazonaws.ecs.capability.task-iam-role-network-host' });
  }
  if (overrides.containerOverrides?.some(({ environmentFiles = [] }) => environmentFiles.length > 0) === true) {
    attributes.push({ name: 'ecs.capability.env-files.s3' });
  }
  if (overrides.ephemeralStorage !== undefined) {
    attributes.push({ name: 'ecs.capability.extensible-ephemeral-storage' });
  }
  return attributes;
}
