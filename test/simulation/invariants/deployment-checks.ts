import type { ClusterEvent, ServiceSpec } from '#libs/ecs/messages';
import { FAILED_HEALTH_CHECKS_REASON } from '#libs/ecs/deciders';
import type { RecordedDecision } from '#libs/kernel';
import type { EventCheck } from './event-check.ts';
import { HEALTHY_AFTER_MS, isHealthy, liveTasks } from './log-checks.ts';
import type { LogModel } from './log-model.ts';
import type { ModelDeployment, ModelService, ModelTask } from './model-records.ts';
import type { ReportViolation } from './violation.ts';

const THRESHOLD_MIN = 3;
const THRESHOLD_MAX = 200;

/** What the circuit breaker of one deployment has counted. */
interface Tally {
  failures: number;
  /** A task of it has been RUNNING. */
  hasRun: boolean;
}

/** S11: the deployments of services, and a second count of what the circuit breaker counts. */
export class DeploymentChecks implements EventCheck {
  readonly #model: LogModel;
  readonly #report: ReportViolation;
  readonly #tallies = new Map<string, Tally>();
  /** A task of a service as it was before the event that is looked at. */
  #taskBefore: Pick<ModelTask, 'lastStatus' | 'desiredStatus' | 'healthStatus'> | null = null;

  constructor(model: LogModel, report: ReportViolation) {
    this.#model = model;
    this.#report = report;
  }

  before(event: ClusterEvent, at: number): void {
    const task = this.#taskOf(event);
    this.#taskBefore = task === undefined ? null : { ...task };
    const service = 'serviceName' in event ? this.#model.services.get(event.serviceName ?? '') : undefined;
    if (service === undefined) return;
    if (event.type === 'DeploymentStarted' && event.rollbackOf !== undefined) {
      this.#checkRollback(service, event.rollbackOf, event.taskDefinitionArn);
    } else if (event.type === 'DeploymentCompleted') {
      this.#checkCompletion(service, event.deploymentId, at);
    } else if (event.type === 'DeploymentFailed') {
      this.#checkFailure(service, event.deploymentId);
    } else if (event.type === 'DeploymentRetired') {
      this.#checkRetirement(service, event.deploymentId);
    }
  }

  after(event: ClusterEvent, at: number): void {
    if (event.type === 'DeploymentStarted') this.#tallies.set(event.deploymentId, { failures: 0, hasRun: false });
    if (event.type === 'DeploymentCompleted') this.#tally(event.deploymentId).failures = 0;
    const task = this.#taskOf(event);
    if (task?.template.deploymentId !== undefined) this.#count(task, task.template.deploymentId, at);
  }

  decided({ events }: RecordedDecision<ClusterEvent>): void {
    for (const service of this.#model.services.values()) {
      if (service.status !== 'ACTIVE') continue;
      const primary = service.deployments[0];
      if (primary === undefined) {
        this.#report('S11', `${service.serviceName} is ACTIVE and has no deployment`);
      } else if (primary.state === 'IN_PROGRESS' && this.#isBroken(service, primary)) {
        const { failures } = this.#tally(primary.deploymentId);
        this.#report('S11', `${primary.deploymentId} goes on after ${failures} failures`);
      }
    }
    for (const event of events) {
      if (event.type === 'DeploymentFailed') this.#checkRolledBack(this.#model.services.get(event.serviceName));
    }
  }

  #taskOf(event: ClusterEvent): ModelTask | undefined {
    if (event.type === 'TaskStateChanged') return this.#model.tasks.get(event.taskId);
    if (event.type === 'TaskStopRequested' || event.type === 'TaskStopped') return this.#model.tasks.get(event.taskId);
    return undefined;
  }

  #tally(deploymentId: string): Tally {
    let tally = this.#tallies.get(deploymentId);
    if (tally === undefined) {
      tally = { failures: 0, hasRun: false };
      this.#tallies.set(deploymentId, tally);
    }
    return tally;
  }

  /** What a change of one of its tasks says about a deployment. */
  #count(task: ModelTask, deploymentId: string, at: number): void {
    const before = this.#taskBefore;
    const service = this.#model.services.get(task.template.serviceName ?? '');
    if (before === null || service?.deployments.every((one) => one.deploymentId !== deploymentId) !== false) return;
    const tally = this.#tally(deploymentId);
    const isUp = task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING';
    const wasUp = before.lastStatus === 'RUNNING' && before.desiredStatus === 'RUNNING';
    if (isUp) tally.hasRun = true;
    if (isUp && task.healthStatus === 'HEALTHY' && (!wasUp || before.healthStatus !== 'HEALTHY')) tally.failures = 0;
    if (task.lastStatus === 'STOPPED' && before.lastStatus !== 'STOPPED') this.#countEnd(service, task, tally, at);
    const isStopped = task.desiredStatus === 'STOPPED' && before.desiredStatus === 'RUNNING';
    if (
      isStopped &&
      task.stopCode === 'ServiceSchedulerInitiated' &&
      task.stoppedReason === FAILED_HEALTH_CHECKS_REASON
    ) {
      tally.failures += 1;
    }
  }

  /** A task has ended that was not to stop. */
  #countEnd(service: ModelService, task: ModelTask, tally: Tally, at: number): void {
    if (task.stopCode !== 'TaskFailedToStart' && task.stopCode !== 'EssentialContainerExited') return;
    if (task.runningSince === null) {
      if (!tally.hasRun) tally.failures += 1;
    } else if (at < task.runningSince + HEALTHY_AFTER_MS) {
      const others = [...service.tasks].filter(
        (other) => other.template.deploymentId === task.template.deploymentId && isHealthy(other, at),
      );
      if (others.length === 0) tally.failures += 1;
    } else if (!task.hasHealthCheck) {
      tally.failures = 0;
    }
  }

  #isBroken({ desiredCount, spec }: ModelService, { deploymentId }: ModelDeployment): boolean {
    return hasBreaker(spec) && this.#tally(deploymentId).failures >= threshold(desiredCount);
  }

  #checkFailure(service: ModelService, deploymentId: string): void {
    const primary = service.deployments[0];
    if (primary?.deploymentId !== deploymentId || primary.state !== 'IN_PROGRESS') {
      this.#report('S11', `${deploymentId} of ${service.serviceName} fails and is not its PRIMARY in progress`);
    } else if (!this.#isBroken(service, primary)) {
      const { failures } = this.#tally(deploymentId);
      const needed = hasBreaker(service.spec)
        ? `${threshold(service.desiredCount)} are needed`
        : 'they are not counted';
      this.#report('S11', `${deploymentId} of ${service.serviceName} fails after ${failures} failures; ${needed}`);
    }
  }

  #checkCompletion(service: ModelService, deploymentId: string, at: number): void {
    const primary = service.deployments[0];
    if (primary?.deploymentId !== deploymentId || primary.state !== 'IN_PROGRESS') {
      return this.#report(
        'S11',
        `${deploymentId} of ${service.serviceName} completes and is not its PRIMARY in progress`,
      );
    }
    const live = liveTasks(service);
    const done = live.filter((task) => task.template.deploymentId === deploymentId && isHealthy(task, at)).length;
    if (done !== service.desiredCount || live.length !== done) {
      const counts = `${done} healthy tasks of ${service.desiredCount}, ${live.length - done} others`;
      this.#report('S11', `${deploymentId} of ${service.serviceName} completes with ${counts}`);
    }
  }

  #checkRetirement(service: ModelService, deploymentId: string): void {
    if (service.deployments[0]?.deploymentId === deploymentId) {
      this.#report('S11', `the PRIMARY ${deploymentId} of ${service.serviceName} is retired`);
    }
    if (liveTasks(service).some(({ template }) => template.deploymentId === deploymentId)) {
      this.#report('S11', `${deploymentId} of ${service.serviceName} is retired and has tasks`);
    }
  }

  #checkRollback(service: ModelService, failedId: string, taskDefinitionArn: string): void {
    const failed = service.deployments[0];
    if (failed?.deploymentId !== failedId || failed.state !== 'FAILED' || failed.rollbackOf !== null) {
      this.#report('S11', `${service.serviceName} rolls back from ${failedId}, which is not its failed PRIMARY`);
    }
    if (service.lastCompletedArn !== taskDefinitionArn) {
      const target = service.lastCompletedArn ?? 'nothing';
      this.#report('S11', `${service.serviceName} rolls back to ${taskDefinitionArn}; ${target} completed last`);
    }
  }

  /** In the decision in which a deployment fails it is rolled back, if it is to be and can. */
  #checkRolledBack(service: ModelService | undefined): void {
    const primary = service?.deployments[0];
    if (service?.status !== 'ACTIVE' || primary?.state !== 'FAILED') return;
    const rollsBack = service.spec.deploymentConfiguration.deploymentCircuitBreaker?.rollback === true;
    if (rollsBack && service.lastCompletedArn !== null && primary.rollbackOf === null) {
      this.#report('S11', `${primary.deploymentId} of ${service.serviceName} has failed and is not rolled back`);
    }
  }
}

function hasBreaker({ deploymentConfiguration }: ServiceSpec): boolean {
  return deploymentConfiguration.deploymentCircuitBreaker?.enable === true;
}

/** Half of the desired count, rounded up, at least 3 and at most 200. */
function threshold(desiredCount: number): number {
  return Math.min(THRESHOLD_MAX, Math.max(THRESHOLD_MIN, Math.ceil(desiredCount / 2)));
}
