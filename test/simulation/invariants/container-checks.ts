import type { CallResult, RuntimeCall } from '#libs/agents/core';
import type { ClusterEvent, ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import type { Oracle, TrueContainer } from '../host/oracle.ts';
import type { ObservedHost } from '../host/agent-observer.ts';
import type { EventCheck } from './event-check.ts';
import { isToRestart } from './restart-checks.ts';
import type { LogModel } from './log-model.ts';
import type { ModelTask } from './model-records.ts';
import type { ReportViolation } from './violation.ts';

const STOP_TIMEOUT_SECONDS_DEFAULT = 30;
/** After so many attempts without an answer an image counts as out of reach. */
const PULL_ATTEMPTS_MAX = 5;

export interface ContainerChecksOptions {
  readonly model: LogModel;
  readonly oracle: Oracle;
  readonly now: () => number;
  readonly report: ReportViolation;
  /** Two agents have taken themselves for this instance: what the log says of it, it says of either. */
  readonly isCloned: (instanceId: string) => boolean;
}

/** S9 and S15: what agents do to containers, and what they report of them, against what truly stands on the hosts. */
export class ContainerChecks implements EventCheck {
  readonly #options: ContainerChecksOptions;
  /** When the first stop signal for a container left its agent (ms), by runtime id. */
  readonly #signalledAt = new Map<string, number>();
  /** Tasks of which a container can never be what it should be. */
  readonly #troubled = new Set<string>();
  readonly #failedPulls = new Map<string, number>();

  constructor(options: ContainerChecksOptions) {
    this.#options = options;
  }

  before(event: ClusterEvent): void {
    if (event.type !== 'TaskStateChanged') return;
    const task = this.#options.model.tasks.get(event.taskId);
    if (task === undefined || this.#options.isCloned(task.instanceId ?? '')) return;
    const here = this.#options.oracle.ofTask(task.taskId);
    if (event.lastStatus === 'STOPPED') {
      const running = here.find(({ phase }) => phase === 'RUNNING');
      if (running === undefined) return this.#checkEnd(task, event.stopCode, here);
      this.#report('S9', `${running.host} reports task ${task.taskId} as STOPPED, and ${running.containerName} runs`);
    } else if (event.lastStatus === 'RUNNING') {
      const missing = this.#essential(task).find(({ name }) => !here.some(hasRun(name)));
      if (missing === undefined) return;
      this.#report('S15', `task ${task.taskId} is reported as RUNNING, and ${missing.name} has never run`);
    }
  }

  /** S29: what is to be started again is no reason to end. */
  #checkEnd(task: ModelTask, stopCode: string | undefined, here: readonly TrueContainer[]): void {
    if (stopCode !== 'EssentialContainerExited' || this.#troubled.has(task.taskId)) return;
    const definition = this.#definitionOf(task);
    if (here.length === 0 || here.some((one) => one.endedAt !== null && isVital(definition, one, here))) return;
    this.#report('S29', `task ${task.taskId} ends, and the containers that have ended are to be started again`);
  }

  /** A container has begun to run. */
  started({ host, taskId, containerName, runtimeId, starts }: TrueContainer): void {
    // What it waits for counts for the first time.
    if (starts > 1) return;
    const { model, oracle } = this.#options;
    const task = model.tasks.get(taskId);
    const definition = this.#definitionOf(task);
    const containers = oracle.ofTask(taskId).filter((container) => container.host === host);
    for (const { containerName: name, condition } of ofName(definition, containerName)?.dependsOn ?? []) {
      if (containers.some((container) => container.containerName === name && isMet(container, condition))) continue;
      this.#report(
        'S15',
        `${containerName} of task ${taskId} starts on ${host} before ${name} has reached ${condition}`,
      );
    }
    const earlier = containers.find((one) => hasRun(containerName)(one) && one.runtimeId !== runtimeId);
    if (earlier !== undefined && (task?.runningSince ?? null) !== null) {
      this.#report('S6', `${containerName} of task ${taskId}, which has been RUNNING, starts once more on ${host}`);
    }
  }

  /** An agent asks its engine for something that concerns this container. */
  calls(host: ObservedHost, container: TrueContainer, call: RuntimeCall): void {
    const { runtimeId, isPause } = container;
    if (call.call === 'signal') {
      if (!this.#signalledAt.has(runtimeId)) this.#signalledAt.set(runtimeId, this.#options.now());
      this.#checkReason(container);
      this.#checkOrder(container);
    } else if (call.call === 'kill') {
      this.#checkReason(container);
      // It has nothing to finish.
      if (!isPause) this.#checkPatience(host, container);
    } else if (call.call === 'remove' && !isPause) {
      this.#checkRemoval(container);
    }
  }

  called(taskId: string, { call }: RuntimeCall, result: CallResult): void {
    if (result.kind !== 'failed') return;
    const pulls = (this.#failedPulls.get(taskId) ?? 0) + (call === 'pull' ? 1 : 0);
    this.#failedPulls.set(taskId, pulls);
    if (!result.retry || pulls >= PULL_ATTEMPTS_MAX) this.#troubled.add(taskId);
  }

  /** A container is only stopped with its task: because the log says so, or because the task cannot go on. */
  #checkReason({ host, taskId, containerName, instanceId }: TrueContainer): void {
    const { model, oracle, isCloned } = this.#options;
    const task = model.tasks.get(taskId);
    if (task === undefined || task.desiredStatus === 'STOPPED' || isCloned(instanceId)) return;
    if (model.instances.get(instanceId)?.status === 'INACTIVE' || this.#troubled.has(taskId)) return;
    const definition = this.#definitionOf(task);
    const containers = oracle.ofTask(taskId);
    if (containers.some((one) => one.endedAt !== null && isVital(definition, one, containers))) return;
    this.#report(
      'S15',
      `${host} stops ${containerName} of task ${taskId}, which is not to stop and which lacks nothing`,
    );
  }

  /** The reverse of the order in which they start. */
  #checkOrder({ host, taskId, containerName, instanceId }: TrueContainer): void {
    const { model, oracle, isCloned } = this.#options;
    const task = model.tasks.get(taskId);
    // What the agent is not to have any more it stops without its definition.
    if (task === undefined || task.lastStatus === 'STOPPED' || isCloned(instanceId)) return;
    if (model.instances.get(instanceId)?.status === 'INACTIVE') return;
    const definition = this.#definitionOf(task);
    const dependent = oracle
      .ofTask(taskId)
      .find(
        (one) =>
          one.host === host &&
          one.phase === 'RUNNING' &&
          ofName(definition, one.containerName)?.dependsOn?.some(
            (dependency) => dependency.containerName === containerName,
          ),
      );
    if (dependent === undefined) return;
    this.#report(
      'S15',
      `${host} stops ${containerName} of task ${taskId} before ${dependent.containerName}, which needs it`,
    );
  }

  /** SIGKILL comes stopTimeout after the stop signal. */
  #checkPatience(host: ObservedHost, { runtimeId, containerName, taskId }: TrueContainer): void {
    const signalledAt = this.#signalledAt.get(runtimeId);
    if (signalledAt === undefined) {
      return this.#report('S15', `${host.name} kills ${containerName} of task ${taskId} without a stop signal`);
    }
    const recorded = ofName(this.#definitionOf(this.#options.model.tasks.get(taskId)), containerName);
    // What the log does not know any more was made as the agent says.
    const container = recorded ?? host.engine.specOf(taskId, containerName)?.container;
    const timeoutSeconds = container?.stopTimeout ?? STOP_TIMEOUT_SECONDS_DEFAULT;
    const waitedMs = this.#options.now() - signalledAt;
    if (waitedMs >= timeoutSeconds * 1_000) return;
    const facts = `${host.name} kills ${containerName} of task ${taskId} after ${waitedMs} ms`;
    this.#report('S15', `${facts}, its stop time-out is ${timeoutSeconds} s`);
  }

  #checkRemoval({ host, taskId, containerName, phase, instanceId }: TrueContainer): void {
    const { model, isCloned } = this.#options;
    if (phase !== 'RUNNING' || !model.tasks.has(taskId) || isCloned(instanceId)) return;
    this.#report('S15', `${containerName} of task ${taskId} is removed from ${host} while it runs`);
  }

  #definitionOf(task: ModelTask | undefined): TaskDefinition | undefined {
    return this.#options.model.taskDefinitions.get(task?.template.taskDefinitionArn ?? '');
  }

  #essential(task: ModelTask): readonly ContainerDefinition[] {
    return this.#definitionOf(task)?.containerDefinitions.filter(({ essential }) => essential) ?? [];
  }

  readonly #report: ReportViolation = (invariant, facts) => this.#options.report(invariant, facts);
}

function hasRun(name: string): (container: TrueContainer) => boolean {
  return ({ containerName, startedAt }) => containerName === name && startedAt !== null;
}

function ofName(definition: TaskDefinition | undefined, name: string): ContainerDefinition | undefined {
  return definition?.containerDefinitions.find((container) => container.name === name);
}

/** Whether a container has been what another one waits for. */
function isMet({ startedAt, endedAt, exitCode, wasHealthy }: TrueContainer, condition: string): boolean {
  if (startedAt === null) return false;
  if (condition === 'COMPLETE') return endedAt !== null;
  if (condition === 'SUCCESS') return endedAt !== null && exitCode === 0;
  return condition === 'HEALTHY' ? wasHealthy : true;
}

/** The end of this container ends its task: it is essential, or one that has not started yet waits for more than its end. */
function isVital(
  definition: TaskDefinition | undefined,
  container: TrueContainer,
  containers: readonly TrueContainer[],
): boolean {
  const { containerName } = container;
  if (isToRestart(ofName(definition, containerName) ?? {}, container)) return false;
  const isWaitedFor = definition?.containerDefinitions.some(
    ({ name, dependsOn = [] }) =>
      !containers.some(hasRun(name)) &&
      dependsOn.some(({ containerName: of, condition }) => of === containerName && condition !== 'COMPLETE'),
  );
  return isWaitedFor === true || ofName(definition, containerName)?.essential !== false;
}
