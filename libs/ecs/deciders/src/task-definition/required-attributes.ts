import type { Attribute, ContainerDefinition, Volume } from '#libs/ecs/messages';
import { dockerApiVersions } from './docker-api-versions.ts';
import type { FilledTaskDefinition } from './task-definition-defaults.ts';

const AGENT = 'com.amazonaws.ecs.capability.';
const CAPABILITY = 'ecs.capability.';

const ECR_IMAGE = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/**
 * The capabilities that an instance must have for tasks of this definition, worked out from its features as ECS does.
 * Placement needs every one of them; without one the failure is ATTRIBUTE. The size of a task needs none.
 */
export function requiredAttributesOf(definition: FilledTaskDefinition): readonly Attribute[] {
  const names = new Set<string>();
  const hasExecutionRole = definition.executionRoleArn !== undefined;
  for (const container of definition.containerDefinitions) {
    for (const name of containerCapabilities(container, hasExecutionRole)) names.add(name);
  }
  for (const name of taskCapabilities(definition)) names.add(name);
  for (const version of dockerApiVersions(definition)) names.add(`${AGENT}docker-remote-api.${version}`);
  return [...names].sort().map((name) => ({ name }));
}

function* taskCapabilities(definition: FilledTaskDefinition): Generator<string> {
  const { networkMode } = definition;
  if (definition.taskRoleArn !== undefined) {
    yield `${AGENT}task-iam-role`;
    if (networkMode === 'host') yield `${AGENT}task-iam-role-network-host`;
  }
  if (networkMode === 'awsvpc') yield `${CAPABILITY}task-eni`;
  if (definition.pidMode !== undefined || definition.ipcMode !== undefined) {
    yield `${CAPABILITY}pid-ipc-namespace-sharing`;
  }
  if (definition.proxyConfiguration !== undefined) yield `${CAPABILITY}aws-appmesh`;
  if (definition.enableFaultInjection === true) yield `${CAPABILITY}fault-injection`;
  if (definition.ephemeralStorage !== undefined) yield `${CAPABILITY}extensible-ephemeral-storage`;
  for (const volume of definition.volumes) yield* volumeCapabilities(volume);
}

function* volumeCapabilities(volume: Volume): Generator<string> {
  if (volume.efsVolumeConfiguration !== undefined) {
    yield `${CAPABILITY}efs`;
    yield `${CAPABILITY}efsAuth`;
  }
  if (volume.fsxWindowsFileServerVolumeConfiguration !== undefined) {
    yield `${CAPABILITY}fsxWindowsFileServer`;
  }
  if (volume.s3filesVolumeConfiguration !== undefined) yield `${CAPABILITY}storage.s3-files`;
  if (volume.configuredAtLaunch === true) yield `${CAPABILITY}storage.ebs-task-volume-attach`;
  const { dockerVolumeConfiguration: docker } = volume;
  if (docker !== undefined) yield `${CAPABILITY}docker-plugin.${docker.driver ?? 'local'}`;
}

function* containerCapabilities(container: ContainerDefinition, hasExecutionRole: boolean): Generator<string> {
  if (ECR_IMAGE.test(container.image)) {
    yield `${AGENT}ecr-auth`;
    if (hasExecutionRole) yield `${CAPABILITY}execution-role-ecr-pull`;
  }
  if (container.privileged === true) yield `${AGENT}privileged-container`;
  if (container.healthCheck !== undefined) yield `${CAPABILITY}container-health-check`;
  if (isOrdered(container)) yield `${CAPABILITY}container-ordering`;
  if (container.repositoryCredentials !== undefined) {
    yield `${CAPABILITY}private-registry-authentication.secretsmanager`;
  }
  if (isGiven(container.environmentFiles)) yield `${CAPABILITY}env-files.s3`;
  if (container.restartPolicy?.enabled === true) yield `${CAPABILITY}container-restart-policy`;
  yield* firelensCapabilities(container.firelensConfiguration);
  yield* securityCapabilities(container);
  if (container.portMappings.some(({ containerPortRange }) => containerPortRange !== undefined)) {
    yield `${CAPABILITY}container-port-range`;
  }
  for (const secret of container.secrets ?? []) yield `${CAPABILITY}secrets.${sourceOf(secret)}.environment-variables`;
  yield* logCapabilities(container, hasExecutionRole);
}

function isGiven(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

function isOrdered({ dependsOn = [], startTimeout, stopTimeout }: ContainerDefinition): boolean {
  return dependsOn.length > 0 || startTimeout !== undefined || stopTimeout !== undefined;
}

function* firelensCapabilities(firelens: ContainerDefinition['firelensConfiguration']): Generator<string> {
  if (firelens === undefined) return;
  yield `${CAPABILITY}firelens.${firelens.type}`;
  const source = firelens.options?.['config-file-type'];
  if (source !== undefined) yield `${CAPABILITY}firelens.options.config.${source}`;
}

function* securityCapabilities(container: ContainerDefinition): Generator<string> {
  const { dockerSecurityOptions: options = [], credentialSpecs: credentials = [] } = container;
  if (options.some((option) => option.startsWith('label:'))) yield `${AGENT}selinux`;
  if (options.some((option) => option.startsWith('apparmor:'))) yield `${AGENT}apparmor`;
  const isManaged = credentials.length > 0 || options.some((option) => option.startsWith('credentialspec:'));
  if (!isManaged) return;
  const isDomainless = credentials.some((credential) => credential.startsWith('credentialspecdomainless:'));
  yield `${CAPABILITY}${isDomainless ? 'gmsa-domainless' : 'gmsa'}`;
}

function* logCapabilities(container: ContainerDefinition, hasExecutionRole: boolean): Generator<string> {
  const { logConfiguration: logs } = container;
  if (logs === undefined) return;
  const { logDriver: driver, secretOptions = [] } = logs;
  yield `${AGENT}logging-driver.${driver}`;
  if (driver === 'awslogs' && hasExecutionRole) yield `${CAPABILITY}execution-role-awslogs`;
  for (const secret of secretOptions) yield `${CAPABILITY}secrets.${sourceOf(secret)}.bootstrap.log-driver`;
}

/** Secrets Manager by its ARN; all else is a parameter of Systems Manager. */
function sourceOf({ valueFrom }: { readonly valueFrom: string }): 'asm' | 'ssm' {
  return valueFrom.includes(':secretsmanager:') ? 'asm' : 'ssm';
}
