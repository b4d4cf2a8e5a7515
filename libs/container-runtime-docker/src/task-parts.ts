import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { lastPathElement } from '#libs/ecs/messages';
import { createOptionsOf } from './container/create-options.ts';
import { isLocalEngine } from './engine/engine-place.ts';
import { storageOf } from './container/ephemeral-storage.ts';
import { HostGpus } from './gpus/host-gpus.ts';
import { findHostFacts } from './engine/host-facts.ts';
import type { HostChoices, HostFacts } from './engine/host-facts.ts';
import { isolationProblem, runtimeOf, unisolatedFeature } from './container/isolation.ts';
import type { Isolation } from './container/isolation.ts';
import { LABELS } from './container/labels.ts';
import { findTaskCgroups } from './task-cgroup/find-task-cgroups.ts';
import { TaskGroups } from './task-cgroup/task-groups.ts';
import { unsupportedFeature } from './container/unsupported.ts';
import { TaskVolumes } from './volumes/task-volumes.ts';

export interface TaskPartsOptions extends HostChoices {
  /** What stands between FARGATE tasks and the kernel (`process`). */
  readonly isolation?: Isolation;
  /** Something that the owner of the host should read, once. */
  readonly notice?: (text: string) => void;
}

/** The containers of definitions, with what their tasks have of the host: volumes, a control group, GPUs. */
export class TaskParts {
  readonly #docker: Docker;
  readonly #options: TaskPartsOptions;
  readonly #isolation: Isolation;
  readonly #home: string | undefined;
  readonly #volumes: TaskVolumes;
  readonly #groups: TaskGroups;
  readonly #gpus: HostGpus;
  #facts: HostFacts | undefined;
  #isTidy = false;

  /** @param home value of the label for the data folder of `waybill up` */
  constructor(docker: Docker, options: TaskPartsOptions, home: string | undefined) {
    this.#docker = docker;
    this.#options = options;
    this.#isolation = options.isolation ?? 'process';
    this.#home = home;
    this.#volumes = new TaskVolumes(docker, { fileSystems: options.fileSystems, folder: options.volumeFolder });
    this.#gpus = new HostGpus(docker);
    this.#groups = new TaskGroups(
      async () => {
        const info: unknown = await docker.info();
        return await findTaskCgroups(info, isLocalEngine(docker, info));
      },
      options.notice ?? (() => undefined),
    );
  }

  /**
   * What the host can do, as it is now.
   * @param info what `docker info` shows
   * @throws RuntimeProblem if it cannot isolate as its owner has decided
   */
  async facts(info: unknown): Promise<HostFacts> {
    const problem = isolationProblem(info, this.#isolation);
    if (problem !== undefined) throw new RuntimeProblem('CannotInspectContainerError', problem, true);
    await this.#groups.find();
    return (this.#facts = await findHostFacts(this.#docker, info, this.#options));
  }

  /** @throws RuntimeProblem CannotCreateContainerError if the definition asks for what this runtime cannot give */
  check(spec: OwnContainerSpec): void {
    const feature =
      unsupportedFeature(spec, { privileged: this.#options.privileged }) ?? unisolatedFeature(spec, this.#isolation);
    if (feature === undefined) return;
    throw new RuntimeProblem('CannotCreateContainerError', `${feature} is not supported by this agent`, false);
  }

  /** Makes the volumes of a container. @returns Docker's `source:path[:ro]` */
  async prepare(spec: OwnContainerSpec): Promise<readonly string[]> {
    return await this.#volumes.prepare(spec);
  }

  /** @returns the container's id @throws RuntimeProblem, or what dockerode throws */
  async make(spec: OwnContainerSpec, binds: readonly string[]): Promise<string> {
    this.#facts ??= await findHostFacts(this.#docker, await this.#docker.info(), this.#options);
    const { defaultLog, openFiles, limitsStorage, gpuIds } = this.#facts;
    const hostConfig = {
      ...(await this.#groups.join(spec)),
      ...runtimeOf(spec, this.#isolation),
      ...storageOf(spec, limitsStorage),
      Binds: [...binds],
    };
    return await this.#gpus.with(spec, gpuIds, async ({ labels, hostConfig: devices }) => {
      const host = { defaultLog, openFiles, home: this.#home, labels, hostConfig: { ...hostConfig, ...devices } };
      return (await this.#docker.createContainer(createOptionsOf(spec, host))).id;
    });
  }

  /** Before a start. */
  async rejoin(info: ContainerInspectInfo): Promise<void> {
    await this.#groups.rejoin(info);
  }

  /**
   * A container is gone, or was never made.
   * @param volumeNames the engine's volumes that it had
   * @param taskArn undefined: a pause container that was taken instead of made, and had no part in any of this
   */
  async release(volumeNames: readonly string[], taskArn: string | undefined): Promise<void> {
    await this.#volumes.removeUnused(volumeNames);
    if (taskArn === undefined) return;
    const filters = { label: [`${LABELS.taskArn}=${taskArn}`] };
    const left = await this.#docker.listContainers({ all: true, filters });
    if (left.length > 0) return;
    const taskId = lastPathElement(taskArn);
    await this.#groups.remove(taskId);
    await this.#volumes.removeAll(taskId);
  }

  /**
   * Once, before this process makes anything: what an earlier one has left behind.
   * @param list ids of the tasks that have containers
   */
  async tidy(list: () => Promise<readonly string[]>): Promise<void> {
    if (this.#isTidy) return;
    await this.#volumes.removeOthers(new Set(await list()));
    const ofTasks = await this.#docker.listContainers({ all: true, filters: { label: [LABELS.taskArn] } });
    await this.#groups.removeOthers(
      new Set(ofTasks.map(({ Labels }) => lastPathElement(Labels[LABELS.taskArn] ?? ''))),
    );
    this.#isTidy = true;
  }
}
