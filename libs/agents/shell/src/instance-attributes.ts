import type { RuntimeInfo } from '#libs/container-runtime';
import type { Attribute } from '#libs/ecs/messages';

/** The oldest version of Docker's API that task definitions ask for. */
const REMOTE_API_MINOR_MIN = 17;
const AGENT = 'com.amazonaws.ecs.capability.';
const CAPABILITY = 'ecs.capability.';

/** These want something of AWS from the agent that this one does not do. */
const UNSUPPORTED_LOGGING_DRIVERS: ReadonlySet<string> = new Set(['awslogs']);

/** What this agent can do whatever the engine is. A capability that is neither here nor the runtime's is not supported. */
const CAPABILITIES = [
  'container-health-check',
  'container-ordering',
  'extensible-ephemeral-storage',
  'task-cpu-mem-limit',
];

/** The oldest capabilities have a prefix of their own. */
const OLDEST_CAPABILITIES: ReadonlySet<string> = new Set([
  'privileged-container',
  'ecr-auth',
  'task-iam-role',
  'task-iam-role-network-host',
]);

export interface HostPlace {
  readonly availabilityZone: string;
  readonly customAttributes: readonly Attribute[];
}

/** The attributes that the host registers with: where it is, what it is, and what its agent can do. */
export function instanceAttributes(info: RuntimeInfo, place: HostPlace): readonly Attribute[] {
  const drivers = info.loggingDrivers.filter((driver) => !UNSUPPORTED_LOGGING_DRIVERS.has(driver));
  return [
    { name: 'ecs.availability-zone', value: place.availabilityZone },
    { name: 'ecs.instance-type', value: 'external' },
    { name: 'ecs.os-type', value: info.osType },
    { name: 'ecs.os-family', value: info.osType.toUpperCase() },
    { name: 'ecs.cpu-architecture', value: info.cpuArchitecture },
    ...[...info.capabilities, ...CAPABILITIES].map((name) => ({
      name: (OLDEST_CAPABILITIES.has(name) ? AGENT : CAPABILITY) + name,
    })),
    ...remoteApis(info).map((version) => ({ name: `${AGENT}docker-remote-api.${version}` })),
    ...drivers.map((driver) => ({ name: `${AGENT}logging-driver.${driver}` })),
    ...['apparmor', 'selinux']
      .filter((name) => info.securityOptions.some((option) => option.includes(`name=${name}`)))
      .map((name) => ({ name: AGENT + name })),
    ...place.customAttributes,
  ];
}

/**
 * One per API version whose features the engine has: all up to its newest. Docker 25 and later no longer speak the older
 * versions, but definitions name the version that a feature came with.
 */
function remoteApis({ apiVersion }: RuntimeInfo): readonly string[] {
  const [major = '1', newest = '0'] = apiVersion.split('.');
  const count = Math.max(0, Number(newest) - REMOTE_API_MINOR_MIN + 1);
  return Array.from({ length: count }, (_, index) => `${major}.${REMOTE_API_MINOR_MIN + index}`);
}
