import type { ContainerInspectInfo, HostConfig } from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { lastPathElement } from '#libs/ecs/messages';
import { messageOf } from '../engine/docker-problem.ts';
import { LABELS } from '../container/labels.ts';
import type { TaskCgroups } from './task-cgroups.ts';
import { limitsFrom, taskLimitsOf } from './task-limits.ts';

/** The control groups of the tasks of one engine, as their containers come and go. */
export class TaskGroups {
  readonly #find: () => Promise<TaskCgroups | string>;
  readonly #notice: (text: string) => void;
  #cgroups: TaskCgroups | null | undefined;

  /** @param find asked once; a text is why there can be none, and is noticed */
  constructor(find: () => Promise<TaskCgroups | string>, notice: (text: string) => void) {
    this.#find = find;
    this.#notice = notice;
  }

  /**
   * What puts a container into the group of its task, which is made if need be; empty: the task has no size, or the host
   * has no such groups.
   * @throws RuntimeProblem CannotCreateContainerError
   */
  async join(spec: OwnContainerSpec): Promise<HostConfig> {
    const limits = taskLimitsOf(spec);
    const cgroups = limits === undefined ? null : await this.#known();
    if (limits === undefined || cgroups === null) return {};
    try {
      await cgroups.ensure(spec.taskId, limits);
    } catch (error) {
      throw new RuntimeProblem('CannotCreateContainerError', `CgroupError: ${messageOf(error)}`, false);
    }
    return { CgroupParent: cgroups.parentOf(spec.taskId) };
  }

  /** Before a start: a restart of the machine takes all groups away, and the engine would make one without limits. */
  async rejoin({ HostConfig: { CgroupParent: parent }, Config: { Labels } }: ContainerInspectInfo): Promise<void> {
    const { [LABELS.taskLimits]: limits, [LABELS.taskArn]: taskArn } = Labels;
    if (limits === undefined || taskArn === undefined) return;
    const taskId = lastPathElement(taskArn);
    const cgroups = await this.#known();
    if (cgroups?.parentOf(taskId) === parent) await cgroups?.ensure(taskId, limitsFrom(limits));
  }

  /** The last container of the task is gone. */
  async remove(taskId: string): Promise<void> {
    const cgroups = await this.#known();
    try {
      await cgroups?.remove(taskId);
    } catch (error) {
      throw new RuntimeProblem('CannotRemoveContainerError', `CgroupError: ${messageOf(error)}`, true);
    }
  }

  /**
   * Groups whose containers were removed past their agent. One that another agent is about to use is made again at the start.
   * @param taskIds all tasks of the engine that have containers
   */
  async removeOthers(taskIds: ReadonlySet<string>): Promise<void> {
    const cgroups = await this.#known();
    for (const taskId of (await cgroups?.list()) ?? []) {
      if (taskIds.has(taskId)) continue;
      // Busy: a container of another engine of this machine is in it.
      await cgroups?.remove(taskId).catch(ifBusy);
    }
  }

  /** Finds out whether there can be any, so that the notice comes before the first task. */
  async find(): Promise<void> {
    await this.#known();
  }

  async #known(): Promise<TaskCgroups | null> {
    if (this.#cgroups !== undefined) return this.#cgroups;
    const found = await this.#find();
    if (typeof found === 'string') {
      this.#notice(`the limits of a task bound each of its containers, not all of them together: ${found}`);
      return (this.#cgroups = null);
    }
    return (this.#cgroups = found);
  }
}

function ifBusy(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EBUSY') throw error;
}
