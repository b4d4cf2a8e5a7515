import type { ContainerStatus, ReportedTaskStatus } from '#libs/ecs/messages';

/** What the containers of a task in that status are, if nothing special has happened to it. */
export function containerStatusIn(status: ReportedTaskStatus): ContainerStatus {
  switch (status) {
    case 'PROVISIONING':
    case 'PENDING':
      return 'PENDING';
    case 'RUNNING':
    case 'STOPPING':
      return 'RUNNING';
    case 'DEPROVISIONING':
    case 'STOPPED':
      return 'STOPPED';
  }
}
