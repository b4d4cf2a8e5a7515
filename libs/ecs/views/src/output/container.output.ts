import { containerArn } from '#libs/ecs/messages';
import type { ContainerDefinition, ContainerOverride, ContainerReport, NetworkBinding } from '#libs/ecs/messages';
import type { ClusterRecord, TaskRecord } from '../view/records.ts';
import { networkInterfacesOf } from './attachments.output.ts';
import { sharedMembers } from './members.ts';
import type { Members } from './members.ts';

/** One container of a task. */
export function writeContainer(
  { locale, clusterName }: ClusterRecord,
  task: TaskRecord,
  definition: ContainerDefinition,
  to: Members,
): void {
  const { name } = definition;
  const report = task.containers.find((container) => container.name === name);
  const override = task.template.overrides?.containerOverrides?.find((one) => one.name === name);
  to.word('containerArn', containerArn(locale, clusterName, task.taskId, name));
  to.word('taskArn', task.arn);
  if (override === undefined) definitionMembers(definition, to);
  else writeDefinition(definition, override, to);
  to.value('networkInterfaces', networkInterfacesOf(task));
  to.text('lastStatus', report?.lastStatus ?? (task.lastStatus === 'STOPPED' ? 'STOPPED' : 'PENDING'));
  if (report !== undefined && hasRun(report)) to.list('networkBindings', report.networkBindings ?? [], writeBinding);
  to.text('healthStatus', report?.healthStatus ?? 'UNKNOWN');
  to.text('imageDigest', report?.imageDigest);
  to.text('runtimeId', report?.runtimeId);
  to.plain('exitCode', report?.exitCode);
  to.text('reason', report?.reason);
  to.value('gpuIds', report?.gpuIds);
}

const definitionMembers = sharedMembers((definition: ContainerDefinition, to) =>
  writeDefinition(definition, undefined, to),
);

/** What the definition of a container says, and what an override changes in it. */
function writeDefinition(definition: ContainerDefinition, override: ContainerOverride | undefined, to: Members): void {
  to.word('name', definition.name);
  to.text('image', definition.image);
  to.word('cpu', amountText(override?.cpu ?? definition.cpu));
  to.word('memory', amountText(override?.memory ?? definition.memory));
  to.word('memoryReservation', amountText(override?.memoryReservation ?? definition.memoryReservation));
}

/** ECS shows bindings of a container, be they none, from the moment that it runs. */
function hasRun({ lastStatus, exitCode, networkBindings }: ContainerReport): boolean {
  return lastStatus === 'RUNNING' || exitCode !== undefined || networkBindings !== undefined;
}

function writeBinding(binding: NetworkBinding, to: Members): void {
  const { bindIP, containerPort, hostPort, containerPortRange, hostPortRange, protocol } = binding;
  to.text('bindIP', bindIP);
  to.plain('containerPort', containerPort);
  to.plain('hostPort', hostPort);
  to.text('containerPortRange', containerPortRange);
  to.text('hostPortRange', hostPortRange);
  to.text('protocol', protocol);
}

function amountText(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : String(amount);
}
