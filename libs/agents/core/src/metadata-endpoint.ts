import { idSource } from '#libs/kernel';

const NUMBER_DIGITS = 10;

/**
 * The last part of a container's metadata URIs, `<task id>-<10 digits>` as Fargate's: it says which task, and the digits,
 * which of its containers. It follows from both, so that a container that outlives its agent still finds itself.
 */
export function metadataEndpointId(taskId: string, containerName: string): string {
  return `${taskId}-${idSource(`metadata/${taskId}/${containerName}`).digits19().slice(0, NUMBER_DIGITS)}`;
}
