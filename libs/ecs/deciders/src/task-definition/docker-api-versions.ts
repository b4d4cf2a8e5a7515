import type { ContainerDefinition, Volume } from '#libs/ecs/messages';
import type { FilledTaskDefinition } from './task-definition-defaults.ts';

/** The first members that ECS had beside the oldest ones (AWS API reference, ContainerDefinition). */
const MEMBERS_OF_1_17: readonly (keyof ContainerDefinition)[] = [
  'hostname',
  'user',
  'workingDirectory',
  'disableNetworking',
  'privileged',
  'readonlyRootFilesystem',
  'dnsServers',
  'dnsSearchDomains',
  'extraHosts',
  'dockerSecurityOptions',
];
const MEMBERS_OF_1_18: readonly (keyof ContainerDefinition)[] = ['dockerLabels', 'ulimits'];

/** Of a driver that is not here nothing is known. */
const LOG_DRIVERS: Readonly<Record<string, string>> = {
  'json-file': '1.18',
  syslog: '1.18',
  awslogs: '1.19',
  journald: '1.19',
  fluentd: '1.20',
  gelf: '1.20',
  splunk: '1.22',
};

/**
 * The versions of Docker's API that a definition needs, as ECS lists them: one for each feature, not the newest alone. A
 * member counts when it is there, also as an empty list. From what ECS returned for some thirty published definitions.
 */
export function* dockerApiVersions(definition: FilledTaskDefinition): Generator<string> {
  const { networkMode = 'bridge', ipcMode } = definition;
  if (networkMode !== 'bridge') yield '1.18';
  if (ipcMode !== undefined && ipcMode !== 'host') yield '1.32';
  for (const volume of definition.volumes) if (needsPlugin(volume)) yield '1.25';
  for (const container of definition.containerDefinitions) yield* versionsOf(container);
}

function needsPlugin({ efsVolumeConfiguration, dockerVolumeConfiguration }: Volume): boolean {
  return efsVolumeConfiguration !== undefined || dockerVolumeConfiguration !== undefined;
}

function* versionsOf(container: ContainerDefinition): Generator<string> {
  if (MEMBERS_OF_1_17.some((member) => container[member] !== undefined)) yield '1.17';
  if (MEMBERS_OF_1_18.some((member) => container[member] !== undefined)) yield '1.18';
  if (container.memoryReservation !== undefined || container.image.includes('@')) yield '1.21';
  if (container.dockerSecurityOptions?.includes('no-new-privileges') === true) yield '1.23';
  if (container.linuxParameters?.initProcessEnabled === true) yield '1.25';
  if (container.healthCheck !== undefined) yield '1.29';
  yield* logVersions(container.logConfiguration);
}

function* logVersions(logs: ContainerDefinition['logConfiguration']): Generator<string> {
  if (logs === undefined) return;
  const version = LOG_DRIVERS[logs.logDriver];
  if (version !== undefined) yield version;
  if (logs.options?.['mode'] !== undefined) yield '1.28';
  if (logs.options?.['awslogs-create-group'] !== undefined) yield '1.29';
}
