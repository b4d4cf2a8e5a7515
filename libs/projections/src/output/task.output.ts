import type { Opaque } from '#libs/contracts';
import type { ClusterRecord, TaskRecord } from '../view/records.ts';
import { taskHealth } from '../view/task-health.ts';
import { cachedOutput } from './cached-output.ts';
import { containersOutput } from './container.output.ts';
import { put, putTime } from './wire.ts';
import type { WireDraft } from './wire.ts';

/** A task as DescribeTasks answers it (ecs-behaviour §10). */
export function taskOutput(cluster: ClusterRecord, task: TaskRecord, withTags: boolean): Opaque {
  return cachedOutput(task, withTags, () => buildTask(cluster, task));
}

function buildTask(cluster: ClusterRecord, task: TaskRecord): Opaque {
  const { template, taskDefinition, instance } = task;
  const draft: WireDraft = {
    taskArn: task.arn,
    clusterArn: cluster.clusterArn,
    taskDefinitionArn: template.taskDefinitionArn,
    group: template.group,
    launchType: template.launchType,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: taskHealth(taskDefinition.containerDefinitions, task.containers),
    // Clients dereference it blindly: present from the start, empty while the task has no place.
    availabilityZone: instance?.attributes.get('ecs.availability-zone')?.value ?? '',
    cpu: String(task.resources.cpu),
    memory: String(task.resources.memory),
    containers: containersOutput(task, cluster.locale, cluster.clusterName),
    overrides: overridesOutput(task),
    attributes: architecture(task),
    attachments: [],
    enableExecuteCommand: template.enableExecuteCommand ?? false,
    version: task.version,
  };
  putTime(draft, 'createdAt', task.createdAt);
  put(draft, 'containerInstanceArn', instance?.arn);
  put(draft, 'startedBy', template.startedBy);
  if (task.connected !== null) draft['connectivity'] = task.connected ? 'CONNECTED' : 'DISCONNECTED';
  putTime(draft, 'connectivityAt', task.connectivityAt);
  putTime(draft, 'pullStartedAt', task.pullStartedAt);
  putTime(draft, 'pullStoppedAt', task.pullStoppedAt);
  putTime(draft, 'startedAt', task.startedAt);
  putTime(draft, 'stoppingAt', task.stoppingAt);
  putTime(draft, 'executionStoppedAt', task.executionStoppedAt);
  putTime(draft, 'stoppedAt', task.stoppedAt);
  put(draft, 'stopCode', task.stopCode);
  put(draft, 'stoppedReason', task.stoppedReason);
  return draft;
}

/** One entry a container, also where nothing is overridden. */
function overridesOutput({ template, taskDefinition }: TaskRecord): Opaque {
  const { containerOverrides, ...rest } = template.overrides ?? {};
  return {
    ...rest,
    containerOverrides: taskDefinition.containerDefinitions.map(
      ({ name }) => containerOverrides?.find((override) => override.name === name) ?? { name },
    ),
    inferenceAcceleratorOverrides: [],
  };
}

const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'x86_64', ARM64: 'arm64' };

function architecture({ instance, taskDefinition }: TaskRecord): readonly Opaque[] {
  const asked = taskDefinition.runtimePlatform?.cpuArchitecture;
  const value =
    instance?.attributes.get('ecs.cpu-architecture')?.value ?? (asked === undefined ? undefined : ARCHITECTURES[asked]);
  return value === undefined ? [] : [{ name: 'ecs.cpu-architecture', value }];
}
