import type {
  ContainerDefinition,
  Opaque,
  PlacementConstraint,
  PortMapping,
  TaskDefinitionInput,
} from '#libs/ecs/messages';
import { cpuUnits, memoryMebibytes } from '../shared/task-size.ts';
import { filledVolumes } from './volume-defaults.ts';
import { memberOf } from './opaque-members.ts';

/** A definition with everything but its place in the family. */
export interface FilledTaskDefinition extends Opaque {
  readonly family: string;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly networkMode?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly requiresCompatibilities?: readonly string[];
}

const HEALTH_CHECK_INTERVAL_SECONDS = 30;
const HEALTH_CHECK_TIMEOUT_SECONDS = 5;
const HEALTH_CHECK_RETRIES = 3;

/**
 * What ECS adds to a definition and returns from then on: tools that apply the response again must see
 * no change. Only for checked inputs.
 */
export function withDefaults(input: TaskDefinitionInput): FilledTaskDefinition {
  const { family, containerDefinitions, cpu, memory, placementConstraints, ...rest } = input;
  return {
    containerDefinitions: containerDefinitions.map((container) => filledContainer(container, input.networkMode)),
    family,
    ...rest,
    volumes: filledVolumes(input['volumes']),
    placementConstraints: placementConstraints ?? [],
    ...(cpu === undefined ? {} : { cpu: String(cpuUnits(cpu) ?? cpu) }),
    ...(memory === undefined ? {} : { memory: String(memoryMebibytes(memory) ?? memory) }),
  };
}

function filledContainer(
  container: TaskDefinitionInput['containerDefinitions'][number],
  networkMode: string | undefined,
): ContainerDefinition {
  const { name = '', image = '', healthCheck } = container;
  return {
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
    ...container,
    name,
    image,
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => filledMapping(mapping, networkMode)),
    ...filledLinuxParameters(container['linuxParameters']),
    ...(healthCheck === undefined
      ? {}
      : {
          healthCheck: {
            interval: HEALTH_CHECK_INTERVAL_SECONDS,
            timeout: HEALTH_CHECK_TIMEOUT_SECONDS,
            retries: HEALTH_CHECK_RETRIES,
            ...healthCheck,
          },
        }),
  };
}

/** Of capabilities both lists are returned, whichever was given. */
function filledLinuxParameters(linux: unknown): object {
  const capabilities = memberOf(linux, 'capabilities');
  if (typeof linux !== 'object' || typeof capabilities !== 'object') return {};
  return { linuxParameters: { ...linux, capabilities: { add: [], drop: [], ...capabilities } } };
}

/** Any text but udp counts as tcp. Without a bridge the container's port is the host's. */
function filledMapping(mapping: PortMapping, networkMode: string | undefined): PortMapping {
  const protocol = mapping.protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp';
  if (mapping.containerPort === undefined) return { ...mapping, protocol };
  const sharesPorts = networkMode === 'host' || networkMode === 'awsvpc';
  const hostPort = sharesPorts ? mapping.containerPort : (mapping.hostPort ?? 0);
  return { ...mapping, hostPort, protocol };
}
