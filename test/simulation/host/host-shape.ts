import { SIMULATED_RUNTIME_INFO } from '#libs/container-runtime';
import type { InstanceDescription } from '#libs/agents/protocol';
import type { Attribute, HostLaunchType } from '#libs/ecs/messages';
import { describeInstance } from '#libs/agents/shell';

const CPU_UNITS_PER_CORE = 1_024;

/** What an older agent cannot do. */
const YOUNG_CAPABILITIES: ReadonlySet<string> = new Set([
  'ecs.capability.container-health-check',
  'ecs.capability.container-ordering',
  'ecs.capability.container-restart-policy',
  'ecs.capability.task-eni',
]);

/** What a host offers. */
export interface HostShape {
  readonly cpu: number;
  readonly memory: number;
  readonly zone: string;
  /** What kinds of tasks it takes; null: it does not say. */
  readonly launchTypes: readonly HostLaunchType[] | null;
  /** Attributes that it was given. */
  readonly attributes: readonly Attribute[];
  /** An agent of an older version lacks some capabilities. */
  readonly isOld: boolean;
}

/** What the simulated runtime could do beside what it says of itself: volumes that are configured at launch. */
const CAPABILITIES = [...SIMULATED_RUNTIME_INFO.capabilities, 'storage.ebs-task-volume-attach'];

/** What an agent says of its machine when it asks for a session. */
export function description(hostname: string, sessionId: string, shape: HostShape): InstanceDescription {
  const { cpu, memory, zone, attributes, launchTypes, isOld } = shape;
  const described = describeInstance(
    {
      sessionId,
      hostname,
      agentVersion: '1.0.0',
      reservedMemoryMiB: 0,
      availabilityZone: zone,
      customAttributes: attributes,
      ...(launchTypes !== null && { launchTypes }),
    },
    { ...SIMULATED_RUNTIME_INFO, capabilities: CAPABILITIES, cpus: cpu / CPU_UNITS_PER_CORE, memoryMiB: memory },
  );
  if (!isOld) return described;
  return { ...described, attributes: described.attributes.filter(({ name }) => !YOUNG_CAPABILITIES.has(name)) };
}
