import { idSource } from '#libs/kernel';

/** What names the network interface of a task, or a volume that it was given. */
export interface AttachmentIds {
  /** A UUID. */
  readonly attachmentId: string;
  /** `eni-` or `vol-` and 17 hex digits, as Amazon EC2 names such things. */
  readonly resourceId: string;
}

const RESOURCE_ID_DIGITS = 17;

/** The network interface of a task of network mode awsvpc. It follows from the task's id, so that no event has to record it. */
export function networkInterfaceIds(taskId: string): AttachmentIds {
  return idsFrom(`${taskId}/network-interface`, 'eni');
}

/** The volume of a task that was configured at launch, by the name that the task definition has for it. */
export function volumeIds(taskId: string, volumeName: string): AttachmentIds {
  return idsFrom(`${taskId}/volume/${volumeName}`, 'vol');
}

function idsFrom(seed: string, prefix: string): AttachmentIds {
  const ids = idSource(seed);
  return { attachmentId: ids.uuid(), resourceId: `${prefix}-${ids.hex32().slice(0, RESOURCE_ID_DIGITS)}` };
}
