import { arns } from '#libs/contracts';
import type { Locale, Opaque } from '#libs/contracts';
import { seedFromText } from '#libs/kernel';
import { uuidText } from '../uuid-text.ts';
import type { TaskRecord } from '../view/records.ts';
import { put } from './wire.ts';
import type { WireDraft } from './wire.ts';

/** Names the container of a task for ever: the log has no id of its own for it. */
export function containerArn(locale: Locale, clusterName: string, taskId: string, name: string): string {
  return arns.container(locale, clusterName, taskId, uuidText(seedFromText(`${taskId}/${name}`)));
}

/** The containers of a task in the order of its definition. */
export function containersOutput(task: TaskRecord, locale: Locale, clusterName: string): readonly Opaque[] {
  return task.taskDefinition.containerDefinitions.map((definition) => {
    const report = task.containers.find((container) => container.name === definition.name);
    const override = task.template.overrides?.containerOverrides?.find((one) => one.name === definition.name);
    const draft: WireDraft = {
      containerArn: containerArn(locale, clusterName, task.taskId, definition.name),
      taskArn: task.arn,
      name: definition.name,
      image: definition.image,
      lastStatus: report?.lastStatus ?? (task.lastStatus === 'STOPPED' ? 'STOPPED' : 'PENDING'),
      networkBindings: report?.networkBindings ?? [],
      networkInterfaces: [],
      healthStatus: report?.healthStatus ?? 'UNKNOWN',
      cpu: String(override?.cpu ?? definition.cpu),
    };
    put(draft, 'memory', amountText(override?.memory ?? definition.memory));
    put(draft, 'memoryReservation', amountText(override?.memoryReservation ?? definition.memoryReservation));
    put(draft, 'imageDigest', report?.imageDigest);
    put(draft, 'runtimeId', report?.runtimeId);
    put(draft, 'exitCode', report?.exitCode);
    put(draft, 'reason', report?.reason);
    return draft;
  });
}

function amountText(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : String(amount);
}
