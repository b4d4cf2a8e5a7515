import type { Attribute, ContainerDefinition } from '#libs/contracts';
import { listOf, memberOf, textOf } from './opaque-members.ts';
import type { FilledTaskDefinition } from './task-definition-defaults.ts';

const AGENT = 'com.amazonaws.ecs.capability.';
const CAPABILITY = 'ecs.capability.';

const ECR_IMAGE = /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//;

/**
 * The capabilities that an instance must have for tasks of this definition, worked out from its features (ecs-behaviour
 * §7). Placement needs every one of them; without one the failure is ATTRIBUTE.
 */
export function requiredAttributesOf(definition: FilledTaskDefinition): readonly Attribute[] {
  const names = new Set<string>();
  const hasExecutionRole = definition['executionRoleArn'] !== undefined;
  for (const container of definition.containerDefinitions) {
    for (const name of containerCapabilities(container, hasExecutionRole)) names.add(name);
  }
  for (const name of taskCapabilities(definition)) names.add(name);
  return [...names].sort().map((name) => ({ name }));
}

function* taskCapabilities(definition: FilledTaskDefinition): Generator<string> {
  const { networkMode, cpu, memory } = definition;
  if (definition['taskRoleArn'] !== undefined) {
    yield AGENT + (networkMode === 'host' ? 'task-iam-role-network-host' : 'task-iam-role');
  }
  if (networkMode === 'awsvpc') yield `${CAPABILITY}task-eni`;
  if (cpu !== undefined || memory !== undefined) yield `${CAPABILITY}task-cpu-mem-limit`;
  if (definition['pidMode'] !== undefined || definition['ipcMode'] !== undefined) {
    yield `${CAPABILITY}pid-ipc-namespace-sharing`;
  }
  if (definition['proxyConfiguration'] !== undefined) yield `${CAPABILITY}aws-appmesh`;
  if (definition['enableFaultInjection'] === true) yield `${CAPABILITY}fault-injection`;
  for (const volume of listOf(definition, 'volumes')) yield* volumeCapabilities(volume);
}

function* volumeCapabilities(volume: unknown): Generator<string> {
  const efs = memberOf(volume, 'efsVolumeConfiguration');
  if (efs !== undefined) yield `${CAPABILITY}efs`;
  if (memberOf(efs, 'authorizationConfig') !== undefined) yield `${CAPABILITY}efsAuth`;
  if (memberOf(volume, 'fsxWindowsFileServerVolumeConfiguration') !== undefined) {
    yield `${CAPABILITY}fsxWindowsFileServer`;
  }
  if (memberOf(volume, 'configuredAtLaunch') === true) yield `${CAPABILITY}storage.ebs-task-volume-attach`;
  const driver = textOf(memberOf(volume, 'dockerVolumeConfiguration'), 'driver');
  if (driver !== undefined && driver !== 'local') yield `${CAPABILITY}docker-plugin.${driver}`;
}

function* containerCapabilities(container: ContainerDefinition, hasExecutionRole: boolean): Generator<string> {
  if (ECR_IMAGE.test(container.image)) {
    yield `${AGENT}ecr-auth`;
    if (hasExecutionRole) yield `${CAPABILITY}execution-role-ecr-pull`;
  }
  if (container['privileged'] === true) yield `${AGENT}privileged-container`;
  if (container.healthCheck !== undefined) yield `${CAPABILITY}container-health-check`;
  if (container.dependsOn !== undefined && container.dependsOn.length > 0) yield `${CAPABILITY}container-ordering`;
  if (container['repositoryCredentials'] !== undefined) {
    yield `${CAPABILITY}private-registry-authentication.secretsmanager`;
  }
  if (listOf(container, 'environmentFiles').length > 0) yield `${CAPABILITY}env-files.s3`;
  if (memberOf(container['restartPolicy'], 'enabled') === true) yield `${CAPABILITY}container-restart-policy`;
  const firelens = textOf(container['firelensConfiguration'], 'type');
  if (firelens !== undefined) yield `${CAPABILITY}firelens.${firelens}`;
  for (const secret of listOf(container, 'secrets'))
    yield `${CAPABILITY}secrets.${sourceOf(secret)}.environment-variables`;
  yield* logCapabilities(container, hasExecutionRole);
}

function* logCapabilities(container: ContainerDefinition, hasExecutionRole: boolean): Generator<string> {
  const logs = container['logConfiguration'];
  const driver = textOf(logs, 'logDriver');
  if (driver === undefined) return;
  if (driver === 'awsfirelens') {
    yield `${CAPABILITY}logging-driver.awsfirelens`;
  } else {
    yield `${AGENT}logging-driver.${driver}`;
    yield AGENT + (driver === 'awslogs' ? 'docker-remote-api.1.19' : 'docker-remote-api.1.18');
  }
  if (driver === 'awslogs' && hasExecutionRole) yield `${CAPABILITY}execution-role-awslogs`;
  for (const secret of listOf(logs, 'secretOptions'))
    yield `${CAPABILITY}secrets.${sourceOf(secret)}.bootstrap.log-driver`;
}

/** Secrets Manager by its ARN; all else is a parameter of Systems Manager. */
function sourceOf(secret: unknown): 'asm' | 'ssm' {
  return textOf(secret, 'valueFrom')?.includes(':secretsmanager:') ? 'asm' : 'ssm';
}
