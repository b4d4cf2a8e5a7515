import type { HostConfig } from 'dockerode';
import type { NamespaceOwner, OwnContainerSpec } from '#libs/container-runtime';
import type { ContainerDefinition, PortMapping } from '#libs/ecs/messages';
import type { HostPart } from './host-part.ts';
import { FARGATE_OPEN_FILES } from './open-files.ts';
import { resourcesOf } from './resources.ts';

const MIB = 1024 * 1024;

type Ulimit = NonNullable<ContainerDefinition['ulimits']>[number];

/** A container definition as Docker's HostConfig, as the ECS agent translates it. */
export function hostConfigOf(spec: OwnContainerSpec, host: HostPart): HostConfig {
  const { container } = spec;
  return {
    // Whether a container comes back is decided by the control plane, never by the engine.
    RestartPolicy: { Name: 'no' },
    NetworkMode: namespaceMode(spec.network),
    ...resourcesOf(spec, host.hostConfig?.CgroupParent !== undefined),
    ...linuxOf(container),
    ...(spec.network === 'bridge'
      ? { PortBindings: portBindingsOf(container.portMappings), Links: [...spec.links] }
      : {}),
    ...(spec.pid === null ? {} : { PidMode: namespaceMode(spec.pid) }),
    ...(spec.ipc === null ? {} : { IpcMode: namespaceMode(spec.ipc) }),
    ...namesOf(spec),
    VolumesFrom: [...spec.volumesFrom],
    Privileged: container.privileged === true,
    ReadonlyRootfs: container.readonlyRootFilesystem === true,
    SecurityOpt: [...(container.dockerSecurityOptions ?? [])],
    Ulimits: ulimitsOf(spec, host).map(({ name, softLimit, hardLimit }) => ({
      Name: name,
      Soft: softLimit,
      Hard: hardLimit,
    })),
    Sysctls: Object.fromEntries(
      (container.systemControls ?? []).map(({ namespace = '', value = '' }) => [namespace, value]),
    ),
    ...logConfigOf(container.logConfiguration, host.defaultLog),
    ...host.hostConfig,
  };
}

/** Fargate's hosts set a limit of open files where the definition sets none. */
function ulimitsOf(
  { container: { ulimits = [] }, launchType }: OwnContainerSpec,
  { openFiles = FARGATE_OPEN_FILES }: HostPart,
): readonly Ulimit[] {
  if (launchType !== 'FARGATE' || ulimits.some(({ name }) => name === 'nofile')) return ulimits;
  return [...ulimits, { name: 'nofile', softLimit: openFiles, hardLimit: openFiles }];
}

function linuxOf({ linuxParameters = {} }: ContainerDefinition): HostConfig {
  const {
    capabilities,
    devices = [],
    initProcessEnabled,
    sharedMemorySize: sharedMemoryMiB,
    tmpfs = [],
  } = linuxParameters;
  return {
    ...(initProcessEnabled === true ? { Init: true } : {}),
    ...(sharedMemoryMiB === undefined ? {} : { ShmSize: sharedMemoryMiB * MIB }),
    CapAdd: [...(capabilities?.add ?? [])],
    CapDrop: [...(capabilities?.drop ?? [])],
    Devices: devices.map(({ hostPath, containerPath, permissions = [] }) => ({
      PathOnHost: hostPath,
      PathInContainer: containerPath ?? hostPath,
      CgroupPermissions: devicePermissions(permissions),
    })),
    Tmpfs: Object.fromEntries(
      tmpfs.map(({ containerPath, size, mountOptions = [] }) => [
        containerPath,
        [`size=${size}m`, ...mountOptions].join(','),
      ]),
    ),
  };
}

function devicePermissions(permissions: readonly string[]): string {
  const letters: Readonly<Record<string, string>> = { read: 'r', write: 'w', mknod: 'm' };
  return permissions.map((permission) => letters[permission] ?? '').join('') || 'rwm';
}

/** An empty host port lets Docker choose a free one. */
function portBindingsOf(mappings: readonly PortMapping[]): HostConfig['PortBindings'] {
  const bindings: Record<string, { HostPort: string }[]> = {};
  for (const mapping of mappings) {
    const key = portKey(mapping);
    if (key === undefined) continue;
    const hostPort = mapping.hostPort === undefined || mapping.hostPort === 0 ? '' : String(mapping.hostPort);
    (bindings[key] ??= []).push({ HostPort: hostPort });
  }
  return bindings;
}

/** `80/tcp`; ECS takes any other protocol text as tcp. */
export function portKey({ containerPort, protocol }: PortMapping): string | undefined {
  return containerPort === undefined ? undefined : `${containerPort}/${protocol === 'udp' ? 'udp' : 'tcp'}`;
}

/** Without a logConfiguration the engine's default driver is used, as in ECS, with a bound where it has none. */
function logConfigOf(
  configuration: ContainerDefinition['logConfiguration'],
  defaultLog: HostConfig['LogConfig'],
): HostConfig {
  if (configuration !== undefined) {
    return { LogConfig: { Type: configuration.logDriver, Config: { ...configuration.options } } };
  }
  return defaultLog === undefined ? {} : { LogConfig: defaultLog };
}

/** Docker's json-file keeps everything permanently: output without a log configuration is kept up to this size per container. */
const LOG_FILE_OPTIONS = { 'max-size': '50m', 'max-file': '2' } as const;

/** The log configuration of containers that name none; undefined: as the engine does it by itself. */
export function defaultLogOf(engineDriver: string | undefined): HostConfig['LogConfig'] {
  return engineDriver === 'json-file' ? { Type: 'json-file', Config: { ...LOG_FILE_OPTIONS } } : undefined;
}

/** A mode of Docker's: `host`, `none`, `bridge`, or the namespace of another container. */
function namespaceMode(mode: string | Exclude<NamespaceOwner, 'host' | null>): string {
  return typeof mode === 'string' ? mode : `container:${mode.container}`;
}

/** Whether the container lives in the network of the task's pause container, and has no names or ports of its own. */
export function joinsNetwork({ network }: OwnContainerSpec): boolean {
  return typeof network !== 'string';
}

/** Name servers and hosts belong to the network: Docker refuses them to a container that joins another one's. */
function namesOf(spec: OwnContainerSpec): HostConfig {
  if (joinsNetwork(spec)) return {};
  const { dnsServers = [], dnsSearchDomains = [], extraHosts = [] } = spec.container;
  return {
    Dns: [...dnsServers],
    DnsSearch: [...dnsSearchDomains],
    ExtraHosts: extraHosts.map(({ hostname, ipAddress }) => `${hostname}:${ipAddress}`),
  };
}
