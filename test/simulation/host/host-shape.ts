import { SIMULATED_RUNTIME_INFO } from '#libs/container-runtime';
import type { InstanceDescription } from '#libs/agents/protocol';
import type { Attribute } from '#libs/ecs/messages';
import { describeInstance } from '#libs/agents/shell';

const CPU_UNITS_PER_CORE = 1_024;

/** What an older agent cannot do. */
const YOUNG_CAPABILITIES: ReadonlySet<string> = new Set([
  'ecs.capability.container-health-check',
  'ecs.capability.container-ordering',
]);

/** What a host offers. */
export interface HostShape {
  readonly cpu: number;
  readonly memory: number;
  readonly zone: string;
  /** Attributes that it was given. */
  readonly attributes: readonly Attribute[];
  /** An agent of an older version lacks some capabilities. */
  readonly isOld: boolean;
}

/** What an agent says of its machine when it asks for a session. */
export function description(hostname: string, sessionId: string, shape: HostShape): InstanceDescription {
  const { cpu, memory, zone, attributes, isOld } = shape;
  const described = describeInstance(
    {
      sessionId,
      hostname,
      agentVersion: '1.0.0',
      reservedMemoryMiB: 0,
      availabilityZone: zone,
      customAttributes: attributes,
    },
    { ...SIMULATED_RUNTIME_INFO, cpus: cpu / CPU_UNITS_PER_CORE, memoryMiB: memory },
  );
  if (!isOld) return described;
  return { ...described, attributes: described.attributes.filter(({ name }) => !YOUNG_CAPABILITIES.has(name)) };
}
