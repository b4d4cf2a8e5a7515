import type { TaskDefinition, TaskOverride } from '#libs/ecs/messages';
import { listOf, textOf } from '../task-definition/opaque-members.ts';

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
    const overriding = listOf(override, 'resourceRequirements');
    for (const requirement of overriding.length > 0 ? overriding : listOf(container, 'resourceRequirements')) {
      const type = textOf(requirement, 'type') ?? '';
      devices[type] = (devices[type] ?? 0) + countOf(type, textOf(requirement, 'value'));
    }
  }
  return Object.keys(devices).length === 0 ? null : devices;
}

function countOf(type: string, value: string | undefined): number {
  if (type !== 'GPU') return 1;
  return value !== undefined && /^\d{1,4}$/.test(value) ? Number(value) : TOO_MANY;
}
