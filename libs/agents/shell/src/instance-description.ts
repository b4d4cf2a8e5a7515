import type { RuntimeInfo } from '#libs/container-runtime';
import type { InstanceDescription } from '#libs/agents/protocol';
import type { HostLaunchType, InstanceResources } from '#libs/ecs/messages';
import { instanceAttributes } from './instance-attributes.ts';
import type { HostPlace } from './instance-attributes.ts';

const CPU_UNITS_PER_CORE = 1024;

/** Ports that tasks may not have: ssh, Docker, and those of an ECS agent. */
const RESERVED_TCP_PORTS = [22, 2375, 2376, 51_678, 51_679];

export interface HostDescription extends HostPlace {
  readonly sessionId: string;
  readonly hostname: string;
  readonly agentVersion: string;
  readonly reservedMemoryMiB: number;
  /** What kinds of tasks it takes. Absent: EC2, EXTERNAL. */
  readonly launchTypes?: readonly HostLaunchType[];
}

/** What the host reports of itself when it asks for a session. */
export function describeInstance(host: HostDescription, info: RuntimeInfo): InstanceDescription {
  return {
    sessionId: host.sessionId,
    resources: instanceResources(info, host.reservedMemoryMiB),
    attributes: instanceAttributes(info, host),
    versionInfo: { agentVersion: host.agentVersion, dockerVersion: `DockerVersion: ${info.version}` },
    hostname: host.hostname,
    ...(host.launchTypes !== undefined && { launchTypes: [...host.launchTypes] }),
  };
}

/** The machine that the engine runs on, which is not always the one that the agent runs on. */
function instanceResources(info: RuntimeInfo, reservedMemoryMiB: number): InstanceResources {
  return {
    cpu: info.cpus * CPU_UNITS_PER_CORE,
    memory: Math.max(1, info.memoryMiB - reservedMemoryMiB),
    reservedTcpPorts: RESERVED_TCP_PORTS,
    reservedUdpPorts: [],
    ...(info.gpuIds === undefined ? {} : { gpuIds: info.gpuIds }),
  };
}
