import type { TaskDefinition, TaskOverride } from '#libs/ecs/messages';

/** More than any host has. */
const TOO_MANY = 2 ** 31;

/**
 * How many devices of each type a task needs: `resourceRequirements` of its containers (GPU with a number, others by name),
 * those of an override instead of the definition's. Null: none, as of nearly all tasks.
 */
export function devicesOf(
  { containerDefinitions }: TaskDefinition,
  { containerOverrides = [] }: TaskOverride,
): Readonly<Record<string, number>> | null {
  const devices: Record<string, number> = {};
  for (const container of containerDefinitions) {
    const override = containerOverrides.find(({ name }) => name === container.name);
    const { resourceRequirements: overriding = [] } = override ?? {};
    for (const { type, value } of overriding.length > 0 ? overriding : (container.resourceRequirements ?? [])) {
      devices[type] = (devices[type] ?? 0) + countOf(type, value);
    }
  }
  return Object.keys(devices).length === 0 ? null : devices;
}

function countOf(type: string, value: string | undefined): number {
  if (type !== 'GPU') return 1;
  return value !== undefined && /^\d{1,4}$/.test(value) ? Number(value) : TOO_MANY;
}
