import type { DeploymentImagesResolved, TaskDefinition, TaskStateChanged } from '#libs/ecs/messages';
import type { ClusterState, TaskState } from '../cluster-state.ts';

/**
 * Settles deployments on the images that their first running tasks have, so that a tag that moves meanwhile changes
 * nothing within a deployment. One command reports many tasks: the first of them that says enough decides.
 */
export class ImageResolutions {
  readonly #state: ClusterState;
  readonly #resolved = new Set<string>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** The fact that follows from what is recorded of a task, or null. */
  of(task: TaskState, taskDefinition: TaskDefinition, news: TaskStateChanged): DeploymentImagesResolved | null {
    const { serviceName, deploymentId } = task.template;
    if (serviceName === undefined || deploymentId === undefined || news.lastStatus !== 'RUNNING') return null;
    const { deployments = [] } = this.#state.services.get(serviceName) ?? {};
    const deployment = deployments.find((one) => one.deploymentId === deploymentId);
    if (deployment === undefined || deployment.imageDigests !== null || this.#resolved.has(deploymentId)) return null;
    const imageDigests = digestsOf(taskDefinition, news);
    if (imageDigests === null) return null;
    this.#resolved.add(deploymentId);
    return { type: 'DeploymentImagesResolved', v: 1, serviceName, deploymentId, imageDigests };
  }
}

/** The digest of each image that the definition leaves open; null as long as one is unknown, and where none is open. */
function digestsOf(
  { containerDefinitions }: TaskDefinition,
  { containers }: TaskStateChanged,
): Readonly<Record<string, string>> | null {
  const digests: Record<string, string> = {};
  for (const { name, image, versionConsistency } of containerDefinitions) {
    if (versionConsistency === 'disabled' || image.includes('@')) continue;
    const digest = containers.find((container) => container.name === name)?.imageDigest;
    if (digest === undefined) return null;
    digests[name] = digest;
  }
  return Object.keys(digests).length === 0 ? null : digests;
}
