import type { ClusterEvent } from '#libs/ecs/messages';
import type { TrueContainer } from '../host/oracle.ts';
import type { EventCheck } from './event-check.ts';
import type { LogModel } from './log-model.ts';
import type { ModelDeployment, ModelService, ModelTask } from './model-records.ts';
import type { ReportViolation } from './violation.ts';

/** S28: what a deployment settles on is what one of its tasks runs, and then all that are requested from there on. */
export class ImageChecks implements EventCheck {
  readonly #model: LogModel;
  readonly #report: ReportViolation;

  constructor(model: LogModel, report: ReportViolation) {
    this.#model = model;
    this.#report = report;
  }

  after(event: ClusterEvent): void {
    if (event.type !== 'DeploymentImagesResolved') return;
    const { serviceName, deploymentId, imageDigests } = event;
    const service = this.#model.services.get(serviceName);
    const deployment = service?.deployments.find((one) => one.deploymentId === deploymentId);
    if (service === undefined || deployment === undefined) return;
    const settled = Object.entries(imageDigests);
    const runs = [...service.tasks].some(
      (task) =>
        task.template.deploymentId === deploymentId &&
        task.lastStatus === 'RUNNING' &&
        settled.every(([name, digest]) => task.imageDigests.get(name) === digest),
    );
    if (runs || isTakenOver(service, deployment)) return;
    this.#report('S28', `${deploymentId} settles on ${JSON.stringify(imageDigests)}, which none of its tasks runs`);
  }

  /** A container exists from now on. */
  created({ host, taskId, containerName, imageDigest }: TrueContainer): void {
    const task: ModelTask | undefined = this.#model.tasks.get(taskId);
    const settled = task?.settledDigests?.[containerName];
    if (settled === undefined || settled === imageDigest) return;
    const facts = `${containerName} of task ${taskId} is made of ${imageDigest ?? 'nothing'} on ${host}`;
    this.#report('S28', `${facts}, its deployment has settled on ${settled}`);
  }
}

/** A rollback runs what ran before. */
function isTakenOver({ lastCompleted }: ModelService, { rollbackOf, imageDigests }: ModelDeployment): boolean {
  return rollbackOf !== null && JSON.stringify(imageDigests) === JSON.stringify(lastCompleted?.imageDigests);
}
