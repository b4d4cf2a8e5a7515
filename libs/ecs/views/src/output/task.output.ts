import type { Attribute, TaskDefinition, TaskOutput, TaskOverride } from '#libs/ecs/messages';
import type { ClusterRecord, InstanceRecord, TaskRecord } from '../view/records.ts';
import { hasAttachments, writeAttachments } from './attachments.output.ts';
import type { NetworkInterfaceType } from './attachments.output.ts';
import { cachedOutput } from './cached-output.ts';
import { writeContainer } from './container.output.ts';
import { OmittingMembers, sharedMembers } from './members.ts';
import type { Members } from './members.ts';
import { platformFamily } from './platform.output.ts';
import { sharedPart } from './wire.ts';

const ARCHITECTURE = 'ecs.cpu-architecture';

/** A task as DescribeTasks answers it. */
export function taskOutput(cluster: ClusterRecord, task: TaskRecord, withTags: boolean): TaskOutput {
  return cachedOutput(task, withTags, 'empty', (to) => {
    writeTask(cluster, task, to);
    writePlatform(task, to);
  });
}

/** A task as RunTask and StartTask return it, a replayed one too: DescribeTasks alone shows health. */
export function startedTaskOutput(cluster: ClusterRecord, task: TaskRecord): TaskOutput {
  const members = new OmittingMembers('healthStatus');
  writeTask(cluster, task, members);
  writePlatform(task, members);
  members.value('tags', task.tags);
  return members.draft as TaskOutput;
}

/** The members of a task but its tags. */
export function writeTask(
  cluster: ClusterRecord,
  task: TaskRecord,
  to: Members,
  networkInterfaceType: NetworkInterfaceType = 'ElasticNetworkInterface',
): void {
  const { template, taskDefinition, instance } = task;
  to.word('taskArn', task.arn);
  to.word('clusterArn', cluster.clusterArn);
  // The API does not show the hosts of Fargate.
  to.text('containerInstanceArn', isFargate(task) ? undefined : instance?.arn);
  templateMembers(template, to);
  if (hasAttachments(template)) writeAttachments(task, networkInterfaceType, to);
  to.word('lastStatus', task.lastStatus);
  to.word('desiredStatus', task.desiredStatus);
  to.text('healthStatus', task.healthStatus);
  // Clients dereference it blindly: present from the start, empty while the task has no place.
  to.text('availabilityZone', instance?.attributes.get('ecs.availability-zone')?.value ?? '');
  to.word('cpu', String(task.resources.cpu));
  to.word('memory', String(task.resources.memory));
  to.list('containers', taskDefinition.containerDefinitions, (definition, members) =>
    writeContainer(cluster, task, definition, members),
  );
  to.value('overrides', overridesOutput(task));
  to.value('attributes', architecture(task));
  to.plain('version', task.version);
  to.word('connectivity', connectivity(task));
  to.moment('connectivityAt', task.connectivityAt);
  to.moment('createdAt', task.createdAt);
  to.moment('pullStartedAt', task.pullStartedAt);
  to.moment('pullStoppedAt', task.pullStoppedAt);
  to.moment('startedAt', task.startedAt);
  to.moment('stoppingAt', task.stoppingAt);
  to.moment('executionStoppedAt', task.executionStoppedAt);
  to.moment('stoppedAt', task.stoppedAt);
  to.text('stopCode', task.stopCode);
  to.text('stoppedReason', task.stoppedReason);
}

/** What every task of one request has in common. */
const templateMembers = sharedMembers((template: TaskRecord['template'], to) => {
  to.word('taskDefinitionArn', template.taskDefinitionArn);
  to.text('group', template.group);
  to.word('launchType', template.launchType);
  to.text('startedBy', template.startedBy);
  to.plain('enableExecuteCommand', template.enableExecuteCommand ?? false);
  to.text('capacityProviderName', template.capacityProviderName);
  to.word('platformVersion', template.platformVersion);
  to.value('ephemeralStorage', storageOutput(template));
  if (!hasAttachments(template)) to.value('attachments', NOTHING);
});

/** What the API shows of a Fargate task and its events do not. */
function writePlatform(task: TaskRecord, to: Members): void {
  if (!isFargate(task)) return;
  to.word('platformFamily', platformFamily(task.taskDefinition));
  to.value('fargateEphemeralStorage', storageOutput(task.template));
}

function isFargate({ template }: TaskRecord): boolean {
  return template.launchType === 'FARGATE';
}

function storageOutput({ ephemeralStorageGiB }: TaskRecord['template']): { readonly sizeInGiB: number } | undefined {
  return ephemeralStorageGiB === undefined ? undefined : { sizeInGiB: ephemeralStorageGiB };
}

const NOTHING: readonly never[] = [];

function connectivity({ connected }: TaskRecord): string | null {
  if (connected === null) return null;
  return connected ? 'CONNECTED' : 'DISCONNECTED';
}

/** One entry a container, also where nothing is overridden. */
function overridesOutput({ template, taskDefinition }: TaskRecord): NonNullable<TaskOutput['overrides']> {
  const { overrides } = template;
  return overrides === undefined ? noOverrides(taskDefinition) : withOverrides(taskDefinition, overrides);
}

const noOverrides = sharedPart((taskDefinition: TaskDefinition) => withOverrides(taskDefinition, {}));

function withOverrides(
  { containerDefinitions }: TaskDefinition,
  overrides: TaskOverride,
): NonNullable<TaskOutput['overrides']> {
  const { containerOverrides, ...rest } = overrides;
  return {
    ...rest,
    containerOverrides: containerDefinitions.map(
      ({ name }) => containerOverrides?.find((override) => override.name === name) ?? { name },
    ),
    inferenceAcceleratorOverrides: [],
  };
}

const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'x86_64', ARM64: 'arm64' };

/** The instance's where there is one, else what the task definition asks for. */
function architecture({ instance, taskDefinition }: TaskRecord): readonly Attribute[] {
  if (instance?.attributes.has(ARCHITECTURE) === true) return architectureOfHost(instance.attributes);
  return architectureAskedFor(taskDefinition);
}

const architectureOfHost = sharedPart((attributes: InstanceRecord['attributes']) =>
  architectureOutput(attributes.get(ARCHITECTURE)?.value),
);

const architectureAskedFor = sharedPart(({ runtimePlatform }: TaskDefinition) =>
  architectureOutput(ARCHITECTURES[runtimePlatform?.cpuArchitecture ?? '']),
);

function architectureOutput(value: string | undefined): readonly Attribute[] {
  return value === undefined ? [] : [{ name: ARCHITECTURE, value }];
}
