import { REASON_CHARACTERS_MAX, TASK_STATUS_RANK } from '#libs/ecs/messages';
import type {
  ContainerReport,
  ContainerStatus,
  NetworkBinding,
  RecordedContainer,
  RecordedNetworkBinding,
  RecordedNetworkInterface,
  StopCode,
  TaskDefinition,
  TaskReport,
  TaskStateChanged,
} from '#libs/ecs/messages';
import type { TaskState } from '../cluster-state.ts';
import type { TaskVerdicts } from '../service/task-verdicts.ts';
import { taskHealth } from './task-health.ts';

const CONTAINER_STATUS_RANK: Readonly<Record<ContainerStatus, number>> = { PENDING: 0, RUNNING: 1, STOPPED: 2 };

/**
 * The fact in a report, or null when it holds nothing new. A report is a level: it comes again until it is answered, and
 * an old one may come late. So a task only moves forward, its containers do as long as its status is the same, and a STOPPED
 * task is final (S5).
 */
export function newsOf(
  taskDefinition: TaskDefinition,
  task: TaskState,
  report: TaskReport,
  verdicts: TaskVerdicts,
): TaskStateChanged | null {
  const { knownStatus } = report;
  const known = TASK_STATUS_RANK[task.lastStatus];
  const reported = TASK_STATUS_RANK[knownStatus];
  if (task.lastStatus === 'STOPPED' || reported < known) return null;
  const networkInterface = networkInterfaceNews(taskDefinition, task, report);
  const isNews = reported > known || networkInterface !== null || !sameContainers(task.containers, report.containers);
  if (!isNews) return null;
  // A higher status is newer, whatever became of containers before: an agent that has lost them starts anew.
  if (reported === known && goBack(task.containers, report.containers)) return null;
  // Requested to stop before: why it ends is known already.
  const end = knownStatus === 'STOPPED' && task.stopCode === null ? endOf(task, report) : null;
  const healthStatus = taskHealth(taskDefinition, report.containers);
  const { pullStartedAt, pullStoppedAt, startedAt, executionStoppedAt } = report;
  return {
    type: 'TaskStateChanged',
    v: 1,
    taskId: task.taskId,
    lastStatus: knownStatus,
    containers: report.containers.map(recordedContainer),
    ...(networkInterface !== null && { networkInterface }),
    ...(healthStatus !== 'UNKNOWN' && { healthStatus }),
    ...(pullStartedAt !== undefined && { pullStartedAt }),
    ...(pullStoppedAt !== undefined && { pullStoppedAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(executionStoppedAt !== undefined && { executionStoppedAt }),
    ...end,
    ...verdicts.of(task, {
      lastStatus: knownStatus,
      healthStatus,
      hasStarted: startedAt !== undefined,
      stopCode: end?.stopCode,
    }),
  };
}

/** Before the task runs its host may lose everything of it, and it gets another address. */
function networkInterfaceNews(
  { networkMode }: TaskDefinition,
  { privateIpv4Address: known, lastStatus }: TaskState,
  { networkInterface: reported }: TaskReport,
): RecordedNetworkInterface | null {
  if (networkMode !== 'awsvpc' || reported === undefined || reported.privateIpv4Address === known) return null;
  if (known !== null && TASK_STATUS_RANK[lastStatus] >= TASK_STATUS_RANK.RUNNING) return null;
  const { subnetId, macAddress, privateIpv4Address, ipv6Address } = reported;
  return { subnetId, macAddress, privateIpv4Address, ...(ipv6Address !== undefined && { ipv6Address }) };
}

function recordedContainer(container: ContainerReport): RecordedContainer {
  const { name, lastStatus, runtimeId, imageDigest, exitCode, reason, networkBindings, healthStatus, gpuIds } =
    container;
  return {
    name,
    lastStatus,
    ...(runtimeId !== undefined && { runtimeId }),
    ...(imageDigest !== undefined && { imageDigest }),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(networkBindings !== undefined && { networkBindings: networkBindings.map(recordedBinding) }),
    ...(healthStatus !== undefined && { healthStatus }),
    ...(gpuIds !== undefined && { gpuIds }),
  };
}

function recordedBinding(binding: NetworkBinding): RecordedNetworkBinding {
  const { bindIP, containerPort, hostPort, containerPortRange, hostPortRange, protocol } = binding;
  return {
    bindIP,
    ...(containerPort !== undefined && { containerPort }),
    ...(hostPort !== undefined && { hostPort }),
    ...(containerPortRange !== undefined && { containerPortRange }),
    ...(hostPortRange !== undefined && { hostPortRange }),
    protocol,
  };
}

/** Why a task ended without a request. The agent knows best; its reason is kept. */
function endOf(task: TaskState, report: TaskReport): { stopCode: StopCode; stoppedReason: string } {
  const hasRun = task.runningSince !== null || report.startedAt !== undefined;
  const stopCode = report.stopCode ?? (hasRun ? 'EssentialContainerExited' : 'TaskFailedToStart');
  const reason = report.reason ?? (stopCode === 'TaskFailedToStart' ? failureToStart(report) : undefined);
  return {
    stopCode,
    stoppedReason: (reason ?? 'Essential container in task exited').slice(0, REASON_CHARACTERS_MAX),
  };
}

function failureToStart({ containers }: TaskReport): string {
  return containers.find(({ reason }) => reason !== undefined)?.reason ?? 'Task failed to start';
}

/** Whether nothing that a reader can see differs. Containers that were not touched yet are treated as absent. */
function sameContainers(known: readonly ContainerReport[], reported: readonly ContainerReport[]): boolean {
  if (known.length === 0) return reported.every(isUntouched);
  if (known.length !== reported.length) return false;
  return reported.every((container, i) => {
    const before = known[i];
    return before !== undefined && sameContainer(before, container);
  });
}

function isUntouched(container: ContainerReport): boolean {
  const { lastStatus, runtimeId, imageDigest, reason, exitCode } = container;
  return (
    lastStatus === 'PENDING' &&
    runtimeId === undefined &&
    imageDigest === undefined &&
    reason === undefined &&
    exitCode === undefined
  );
}

function sameContainer(a: ContainerReport, b: ContainerReport): boolean {
  return (
    a.name === b.name &&
    a.lastStatus === b.lastStatus &&
    a.runtimeId === b.runtimeId &&
    a.exitCode === b.exitCode &&
    a.reason === b.reason &&
    a.imageDigest === b.imageDigest &&
    (a.healthStatus ?? 'UNKNOWN') === (b.healthStatus ?? 'UNKNOWN') &&
    sameGpus(a.gpuIds ?? [], b.gpuIds ?? []) &&
    sameBindings(a.networkBindings ?? [], b.networkBindings ?? [])
  );
}

function sameGpus(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

function sameBindings(a: readonly NetworkBinding[], b: readonly NetworkBinding[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((binding, i) => {
    const other = b[i];
    return (
      other !== undefined &&
      binding.hostPort === other.hostPort &&
      binding.containerPort === other.containerPort &&
      binding.hostPortRange === other.hostPortRange &&
      binding.containerPortRange === other.containerPortRange &&
      binding.protocol === other.protocol &&
      binding.bindIP === other.bindIP
    );
  });
}

/** A container behind what is known: the report is an old one. */
function goBack(known: readonly ContainerReport[], reported: readonly ContainerReport[]): boolean {
  return reported.some(({ name, lastStatus }) => {
    const before = known.find((container) => container.name === name);
    return before !== undefined && CONTAINER_STATUS_RANK[lastStatus] < CONTAINER_STATUS_RANK[before.lastStatus];
  });
}
