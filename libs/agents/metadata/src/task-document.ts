import { arns, parseArn } from '#libs/ecs/messages';
import { containerDocument, desiredStatusOf } from './container-document.ts';
import { present, taskArnOf } from './document.ts';
import type { MetadataDocument, ShownContainer, ShownTask, TaskSource } from './document.ts';

const CPU_UNITS_PER_VCPU = 1024;
const MIB_PER_GIB = 1024;
const BYTES_PER_MIB = 1024 * 1024;
const SERVICE_GROUP = 'service:';

/** A task as the task metadata endpoint of ECS shows it. */
export function taskDocument(source: TaskSource, withTags: boolean): MetadataDocument {
  const { task, cluster, availabilityZone } = source;
  const { wanted, definition, known } = task;
  const launchType = wanted?.launchType ?? 'EC2';
  const group = wanted?.group;
  return present({
    Cluster: clusterOf(source, launchType),
    TaskARN: taskArnOf(source),
    Family: definition?.family,
    ServiceName: group?.startsWith(SERVICE_GROUP) === true ? group.slice(SERVICE_GROUP.length) : undefined,
    Group: group,
    Revision: definition === undefined ? undefined : String(definition.revision),
    DesiredStatus: desiredStatusOf(task),
    KnownStatus: taskStatusOf(task),
    Limits: limitsOf(task),
    PullStartedAt: timeText(known.pullStartedAt),
    PullStoppedAt: timeText(known.pullStoppedAt),
    ExecutionStoppedAt: timeText(known.executionStoppedAt),
    AvailabilityZone: availabilityZone,
    TaskTags: withTags ? tagsOf(task) : undefined,
    LaunchType: launchType,
    Containers: containersOf(task).flatMap((container) => containerDocument({ ...source, cluster }, container) ?? []),
    EphemeralStorageMetrics: launchType === 'FARGATE' ? storageOf(source) : undefined,
    FaultInjectionEnabled: false,
  });
}

/** Those of the task, and the one that holds what they share. */
export function containersOf({ known }: ShownTask): readonly ShownContainer[] {
  return known.pause === null ? known.containers : [known.pause, ...known.containers];
}

/** On hosts of one's own the name that the agent is set up with, on Fargate the ARN, as in ECS. */
function clusterOf({ task, cluster }: TaskSource, launchType: string): string {
  if (launchType !== 'FARGATE' || task.wanted === undefined) return cluster;
  const { region = '', account = '' } = parseArn(task.wanted.taskArn) ?? {};
  return arns.cluster({ region, account }, cluster);
}

const PHASES_BEFORE_RUNNING: readonly string[] = ['NONE', 'PULLED', 'CREATED'];

/** A task is as far as the last of its containers. */
function taskStatusOf({ known }: ShownTask): string {
  if (known.status === 'STOPPED') return 'STOPPED';
  const phases: readonly string[] = known.containers.map(({ phase }) => phase);
  return PHASES_BEFORE_RUNNING.find((phase) => phases.includes(phase)) ?? 'RUNNING';
}

/** vCPU and MiB; a task without a size has no limits. */
function limitsOf({ wanted }: ShownTask): MetadataDocument | undefined {
  const { cpu, memory } = wanted ?? {};
  if (cpu === undefined && memory === undefined) return undefined;
  return present({
    CPU: cpu === undefined ? undefined : Number(cpu) / CPU_UNITS_PER_VCPU,
    Memory: memory === undefined ? undefined : Number(memory),
  });
}

function tagsOf({ wanted }: ShownTask): MetadataDocument | undefined {
  const tags = wanted?.tags ?? [];
  return tags.length === 0 ? undefined : Object.fromEntries(tags.map(({ key, value = '' }) => [key, value]));
}

/** MiB that the task's containers have written, of those that they may. */
function storageOf({ task, facts }: TaskSource): MetadataDocument | undefined {
  const reservedGiB = task.wanted?.ephemeralStorageGiB;
  if (reservedGiB === undefined) return undefined;
  const written = [...facts.values()].reduce((sum, { writtenBytes = 0 }) => sum + writtenBytes, 0);
  return { Utilized: Math.ceil(written / BYTES_PER_MIB), Reserved: reservedGiB * MIB_PER_GIB };
}

function timeText(ms: number | null): string | undefined {
  return ms === null ? undefined : new Date(ms).toISOString();
}
