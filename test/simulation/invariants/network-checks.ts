import type { RuntimeCall } from '#libs/agents/core';
import type { ClusterEvent } from '#libs/ecs/messages';
import type { Oracle, TrueContainer } from '../host/oracle.ts';
import type { EventCheck } from './event-check.ts';
import type { LogModel } from './log-model.ts';
import type { ReportViolation } from './violation.ts';

export interface NetworkChecksOptions {
  readonly model: LogModel;
  readonly oracle: Oracle;
  readonly report: ReportViolation;
  readonly isCloned: (instanceId: string) => boolean;
}

/** S25 and S26: addresses of tasks, and the containers that hold what the others of a task share. */
export class NetworkChecks implements EventCheck {
  readonly #options: NetworkChecksOptions;

  constructor(options: NetworkChecksOptions) {
    this.#options = options;
  }

  before(event: ClusterEvent): void {
    if (event.type !== 'TaskStateChanged') return;
    const { model, oracle } = this.#options;
    const { taskId, lastStatus, networkInterface } = event;
    const task = model.tasks.get(taskId);
    if (task === undefined) return;
    const address = networkInterface?.privateIpv4Address;
    const here = oracle.ofTask(taskId).filter(({ isPause }) => isPause);
    if (address !== undefined && !here.some((pause) => pause.address === address)) {
      this.#report('S25', `task ${taskId} is reported with ${address}, which no container of it has had`);
    }
    const isUp = lastStatus === 'PENDING' || lastStatus === 'RUNNING';
    if (task.hasAddress && isUp && (address ?? task.address) === null) {
      this.#report('S25', `task ${taskId} is ${lastStatus} and has no address`);
    }
    const standing = here.find(({ phase, instanceId }) => phase !== 'GONE' && !this.#options.isCloned(instanceId));
    if (lastStatus === 'STOPPED' && standing !== undefined) {
      this.#report('S26', `task ${taskId} is reported as STOPPED, and its pause container stands on ${standing.host}`);
    }
  }

  /** A container has begun to run. */
  started({ host, taskId, containerName, isPause }: TrueContainer): void {
    const { model, oracle } = this.#options;
    if (isPause || model.tasks.get(taskId)?.hasPause !== true) return;
    if (oracle.ofTask(taskId).some((one) => one.isPause && one.host === host && one.phase === 'RUNNING')) return;
    this.#report('S26', `${containerName} of task ${taskId} starts on ${host}, and its pause container does not run`);
  }

  addressed({ host, taskId, address, runtimeId }: TrueContainer): void {
    for (const other of this.#options.oracle.standing()) {
      if (other.host !== host || other.address !== address || other.runtimeId === runtimeId) continue;
      this.#report('S25', `tasks ${taskId} and ${other.taskId} have the address ${address} on ${host}`);
    }
  }

  gone(container: TrueContainer): void {
    if (container.isPause) this.#checkLast(container, 'is gone');
  }

  /** An agent asks its engine for something that concerns this container. */
  calls(container: TrueContainer, { call }: RuntimeCall): void {
    if (container.isPause && (call === 'signal' || call === 'kill' || call === 'remove'))
      this.#checkLast(container, 'is stopped');
  }

  #checkLast({ host, taskId, instanceId }: TrueContainer, what: string): void {
    if (this.#options.isCloned(instanceId)) return;
    const other = this.#options.oracle
      .ofTask(taskId)
      .find((one) => !one.isPause && one.host === host && one.phase === 'RUNNING');
    if (other === undefined) return;
    this.#report('S26', `the pause container of task ${taskId} ${what} on ${host}, and ${other.containerName} runs`);
  }

  readonly #report: ReportViolation = (invariant, facts) => this.#options.report(invariant, facts);
}
