import type { RecordedTaskDefinition } from '#libs/ecs/messages';

/** The platform family of Fargate tasks of a definition as ECS writes it: `Linux`, `Windows_Server_2022_Core`. */
export function platformFamily(taskDefinition: RecordedTaskDefinition | undefined): string {
  const family = taskDefinition?.runtimePlatform?.operatingSystemFamily ?? 'LINUX';
  return family.split('_').map(capitalised).join('_');
}

/** A version such as `20H2` stays as it is. */
function capitalised(word: string): string {
  return /^\d/.test(word) ? word : word.slice(0, 1) + word.slice(1).toLowerCase();
}
