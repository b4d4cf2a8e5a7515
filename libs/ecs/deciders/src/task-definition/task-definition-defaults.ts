import type {
  ContainerDefinition,
  ContainerInput,
  PortMapping,
  TaskDefinition,
  TaskDefinitionInput,
  Volume,
} from '#libs/ecs/messages';
import { cpuUnits, memoryMebibytes } from '../shared/task-size.ts';
import { filledVolumes } from './volume-defaults.ts';

/** A definition with everything but its place in the family. */
export type FilledTaskDefinition = Omit<TaskDefinition, PlacedMember> & { readonly volumes: readonly Volume[] };

type PlacedMember = 'taskDefinitionArn' | 'revision' | 'requiresAttributes' | 'compatibilities';

const HEALTH_CHECK_INTERVAL_SECONDS = 30;
const HEALTH_CHECK_TIMEOUT_SECONDS = 5;
const HEALTH_CHECK_RETRIES = 3;

/** Lists that a container always has. */
const EMPTY_LISTS = { environment: [], mountPoints: [], volumesFrom: [], systemControls: [] };

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
    volumes: filledVolumes(input.volumes),
    placementConstraints: placementConstraints ?? [],
    ...(cpu === undefined ? {} : { cpu: String(cpuUnits(cpu) ?? cpu) }),
    ...(memory === undefined ? {} : { memory: String(memoryMebibytes(memory) ?? memory) }),
  };
}

function filledContainer(container: ContainerInput, networkMode: TaskDefinition['networkMode']): ContainerDefinition {
  const { environment = [], name = '', image = '', healthCheck, linuxParameters } = container;
  return {
    ...EMPTY_LISTS,
    ...container,
    name,
    image,
    environment: environment.map((variable) => ({ ...variable, name: variable.name ?? '' })),
    cpu: container.cpu ?? 0,
    essential: container.essential ?? true,
    portMappings: (container.portMappings ?? []).map((mapping) => filledMapping(mapping, networkMode)),
    ...(linuxParameters === undefined ? {} : { linuxParameters: filledLinuxParameters(linuxParameters) }),
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
function filledLinuxParameters(linux: LinuxParameters): LinuxParameters {
  const { capabilities } = linux;
  return capabilities === undefined ? linux : { ...linux, capabilities: { add: [], drop: [], ...capabilities } };
}

type LinuxParameters = NonNullable<ContainerInput['linuxParameters']>;

/** Any text but udp counts as tcp. Without a bridge the container's port is the host's. */
function filledMapping(mapping: PortMapping, networkMode: TaskDefinition['networkMode']): PortMapping {
  const protocol = mapping.protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp';
  if (mapping.containerPort === undefined) return { ...mapping, protocol };
  const sharesPorts = networkMode === 'host' || networkMode === 'awsvpc';
  const hostPort = sharesPorts ? mapping.containerPort : (mapping.hostPort ?? 0);
  return { ...mapping, hostPort, protocol };
}
