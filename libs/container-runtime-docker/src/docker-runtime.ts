import type { ContainerInspectInfo, DockerOptions } from 'dockerode';
import type {
  ContainerFacts,
  ContainerObservation,
  ContainerRuntime,
  ContainerSpec,
  ContainerStats,
  ImageSpec,
  InventoryItem,
  OwnContainerSpec,
  PauseSpec,
  RuntimeErrorName,
  RuntimeInfo,
  RuntimeListener,
} from '#libs/container-runtime';
import { Docker } from './engine/dockerode.ts';
import { containerFactsOf, runningStatsOf } from './container/container-facts.ts';
import { bounded, problemOf, statusOf } from './engine/docker-problem.ts';
import { DockerEventStream } from './engine/event-stream.ts';
import type { ImageOptions } from './images/image-options.ts';
import { ImageStore } from './images/image-store.ts';
import { connectionOf, imageNameOf, LABELS, ownerOf } from './container/labels.ts';
import { homeLabel } from './container/stack-containers.ts';
import { textMember } from './engine/untyped-members.ts';
import { listedHealthOf, observationOf, phaseOf } from './container/observation.ts';
import { engineInfoOf } from './engine/engine-info.ts';
import { HostPortRanges } from './network/host-port-ranges.ts';
import { interfaceOf } from './network/interface.ts';
import type { NetworkOptions } from './network/network-options.ts';
import { PauseContainers } from './network/pause-containers.ts';
import { taskLimitsOf } from './task-cgroup/task-limits.ts';
import { TaskParts } from './task-parts.ts';
import type { TaskPartsOptions } from './task-parts.ts';
import { Unstarted } from './container/unstarted.ts';

/** ECS_CONTAINER_CREATE_TIMEOUT and ECS_CONTAINER_START_TIMEOUT. */
const CREATE_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 180_000;
const OTHER_TIMEOUT_MS = 60_000;

const SIGTERM = 'SIGTERM';

export interface DockerRuntimeOptions extends TaskPartsOptions {
  /** The container instance whose containers these are; no others are seen or touched. */
  readonly instanceId: string;
  /** The data folder of the `waybill up` that this agent belongs to; `waybill clean` finds its containers by it. */
  readonly home?: string;
  /** Where images come from and how long they stay; absent: pulled unless present, without a login, for good. */
  readonly images?: ImageOptions;
  /** How tasks of network mode awsvpc are connected. */
  readonly network?: NetworkOptions;
  /** How to reach the engine; absent: DOCKER_HOST and its siblings, else the local socket. */
  readonly docker?: DockerOptions;
}

/** The `ContainerRuntime` of a Docker engine (API 1.41 and later). */
export class DockerRuntime implements ContainerRuntime {
  readonly #docker: Docker;
  readonly #instanceId: string;
  readonly #homeLabel: string | undefined;
  readonly #images: ImageStore;
  readonly #pauses: PauseContainers;
  readonly #portRanges: HostPortRanges;
  readonly #parts: TaskParts;
  readonly #unstarted = new Unstarted();
  readonly #streams = new Set<DockerEventStream>();

  constructor(options: DockerRuntimeOptions) {
    const { instanceId, home, network = {}, images, docker } = options;
    this.#docker = new Docker(docker);
    this.#instanceId = instanceId;
    this.#homeLabel = home === undefined ? undefined : homeLabel(home);
    this.#images = new ImageStore(this.#docker, images);
    this.#parts = new TaskParts(this.#docker, options, this.#homeLabel);
    this.#portRanges = new HostPortRanges(this.#docker);
    this.#pauses = new PauseContainers(this.#docker, instanceId, network, this.#homeLabel);
  }

  async info(): Promise<RuntimeInfo> {
    return await this.#call('CannotInspectContainerError', OTHER_TIMEOUT_MS, 'described', async () => {
      await this.#parts.tidy(async () => (await this.list()).map(({ taskId }) => taskId));
      const info: unknown = await this.#docker.info();
      const { gpuIds, capabilities } = await this.#parts.facts(info);
      const engine = engineInfoOf(info, await this.#docker.version(), capabilities);
      return {
        ...engine,
        capabilities: [...engine.capabilities, ...(await this.#pauses.capabilities(engine))],
        ...(gpuIds.length === 0 ? {} : { gpuIds }),
      };
    });
  }

  async pull(image: ImageSpec): Promise<string> {
    return await this.#images.ensure(image);
  }

  async create(spec: ContainerSpec): Promise<ContainerObservation> {
    if (spec.kind === 'pause') return await this.#createPause(spec);
    this.#parts.check(spec);
    return await this.#starting('CannotCreateContainerError', CREATE_TIMEOUT_MS, 'created', async () => {
      let binds: readonly string[] = [];
      try {
        binds = await this.#parts.prepare(spec);
        const runtimeId = await this.#make(spec, binds);
        // The group of its task is looked after at each start.
        if (taskLimitsOf(spec) === undefined) this.#unstarted.made(runtimeId);
        return { runtimeId, phase: 'CREATED' as const };
      } catch (error) {
        const made = statusOf(error) === 409 ? await this.#made(spec) : undefined;
        if (made !== undefined) return await this.#observe(made);
        const sources = binds.map((bind) => bind.split(':')[0] ?? '');
        await this.#parts.release(sources, spec.taskArn);
        throw error;
      }
    });
  }

  /** @returns the id */
  async #make(spec: OwnContainerSpec, binds: readonly string[], portStarts = 0): Promise<string> {
    const placed = await this.#portRanges.place(spec);
    try {
      const id = await this.#parts.make(await this.#pauses.joined(placed), binds);
      this.#portRanges.made(id, spec, portStarts);
      return id;
    } catch (error) {
      this.#portRanges.release(spec.runtimeName);
      throw error;
    }
  }

  async #createPause(spec: PauseSpec): Promise<ContainerObservation> {
    return await this.#starting('CannotCreateContainerError', CREATE_TIMEOUT_MS, 'created', async () => {
      // One that was taken instead of made has another name on the engine, so that no conflict of names would show it.
      const before = await this.#made(spec);
      if (before !== undefined) {
        await this.#pauses.secure(before);
        return await this.#observe(before);
      }
      const made = await this.#pauses.create(spec);
      return typeof made === 'string' ? { runtimeId: made, phase: 'CREATED' as const } : await this.#observe(made);
    });
  }

  async start(ref: string): Promise<ContainerObservation | null> {
    return await this.#startIf('CREATED', ref);
  }

  async restart(ref: string): Promise<ContainerObservation | null> {
    return await this.#startIf('STOPPED', ref);
  }

  async #startIf(phase: 'CREATED' | 'STOPPED', ref: string): Promise<ContainerObservation | null> {
    return await this.#starting('CannotStartContainerError', START_TIMEOUT_MS, 'started', async () => {
      let id = ref;
      let subnetId: string | undefined;
      if (phase !== 'CREATED' || !this.#unstarted.take(ref)) {
        const before = await this.#look(ref);
        if (before === null) return null;
        if (phaseOf(before.State.Status) !== phase) return await this.#started(before);
        await this.#parts.rejoin(before);
        id = before.Id;
        subnetId = connectionOf(before.Config.Labels, before.Name)?.subnetId;
      }
      try {
        if (subnetId === undefined) id = await this.#startWithPorts(id);
        else await this.#pauses.start(id, subnetId);
      } catch (error) {
        // An error may come after the fact; what counts is what has become of the container.
        const after = statusOf(error) === undefined ? null : await this.#look(ref);
        if (after === null && statusOf(error) === 404) return null;
        if (after === null || phaseOf(after.State.Status) === phase) throw error;
      }
      return await this.#started(await this.#look(id));
    });
  }

  /**
   * Where ports that were chosen for a range are taken meanwhile, another container takes its place, with others.
   * @returns the id of the one that runs
   */
  async #startWithPorts(id: string): Promise<string> {
    try {
      await this.#docker.getContainer(id).start();
      this.#portRanges.settle(id);
      return id;
    } catch (error) {
      const again = this.#portRanges.afterClash(id, error);
      if (again === undefined) throw error;
      await this.#removeUnstarted(id);
      const other = await this.#make(again.spec, await this.#parts.prepare(again.spec), again.starts);
      try {
        return await this.#startWithPorts(other);
      } catch (otherError) {
        // Its task knows nothing of it.
        await this.#removeUnstarted(other);
        throw otherError;
      }
    }
  }

  async #removeUnstarted(id: string): Promise<void> {
    this.#portRanges.settle(id);
    await ignoring([404], () => this.#docker.getContainer(id).remove({ force: true, v: true }));
  }

  async #started(info: ContainerInspectInfo | null): Promise<ContainerObservation | null> {
    if (info !== null) await this.#pauses.secure(info);
    return await this.#observe(info);
  }

  async signal(ref: string): Promise<ContainerObservation | null> {
    return await this.#call('CannotStopContainerError', OTHER_TIMEOUT_MS, 'stopped', async () => {
      const before = await this.#look(ref);
      if (before?.State.Running === true)
        await this.#kill(before.Id, textMember(before.Config, 'StopSignal') ?? SIGTERM);
      return await this.#observe(before);
    });
  }

  async kill(ref: string): Promise<ContainerObservation | null> {
    return await this.#call('CannotStopContainerError', OTHER_TIMEOUT_MS, 'stopped', async () => {
      const id = await this.#pauses.warm.idOf(ref);
      await this.#kill(id, 'SIGKILL');
      return await this.#observe(await this.#look(id));
    });
  }

  async inspect(ref: string): Promise<ContainerObservation | null> {
    return await this.#call('CannotInspectContainerError', OTHER_TIMEOUT_MS, 'inspected', async () =>
      this.#observe(await this.#look(ref)),
    );
  }

  async describe(ref: string, withSize = false): Promise<ContainerFacts | null> {
    return await this.#call('CannotInspectContainerError', OTHER_TIMEOUT_MS, 'inspected', async () => {
      const info = await this.#look(ref, withSize);
      return info === null ? null : containerFactsOf(info);
    });
  }

  async stats(ref: string): Promise<ContainerStats | null> {
    return await this.#call('CannotInspectContainerError', OTHER_TIMEOUT_MS, 'measured', async () => {
      try {
        return runningStatsOf(await this.#docker.getContainer(ref).stats({ stream: false, 'one-shot': true }));
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });
  }

  async remove(ref: string): Promise<void> {
    await this.#call('CannotRemoveContainerError', OTHER_TIMEOUT_MS, 'removed', async () => {
      const before = await this.#look(ref);
      if (before === null) return;
      await ignoring([404], () => this.#docker.getContainer(before.Id).remove({ force: true, v: true }));
      this.#pauses.warm.forget(before.Id);
      this.#portRanges.settle(before.Id);
      this.#unstarted.take(before.Id);
      if (connectionOf(before.Config.Labels, before.Name) !== undefined) this.#pauses.refreshRules();
      const names = before.Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name !== undefined ? [Name] : []));
      await this.#parts.release(names, before.Config.Labels[LABELS.taskArn]);
    });
  }

  async list(): Promise<readonly InventoryItem[]> {
    return await this.#call('CannotListContainersError', OTHER_TIMEOUT_MS, 'listed', async () => {
      const filters = { label: [`${LABELS.instanceId}=${this.#instanceId}`] };
      const containers = await this.#docker.listContainers({ all: true, filters });
      this.#pauses.refreshRules();
      return containers.flatMap(({ Id, Names, State, Status, Labels }) => {
        const owner = ownerOf(Labels, Names[0] ?? '');
        if (owner === undefined) return [];
        const healthStatus = listedHealthOf(Status);
        return [
          { ...owner, runtimeId: Id, phase: phaseOf(State), ...(healthStatus === undefined ? {} : { healthStatus }) },
        ];
      });
    });
  }

  subscribe(listener: RuntimeListener): () => void {
    const stream = new DockerEventStream(this.#docker, this.#instanceId, listener);
    this.#streams.add(stream);
    return () => {
      this.#streams.delete(stream);
      stream.close();
    };
  }

  async close(): Promise<void> {
    this.#images.close();
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
    await this.#pauses.close();
  }

  /** A call that prepares or starts a container of a task: nothing else is made meanwhile. */
  async #starting<Value>(
    name: RuntimeErrorName,
    timeoutMs: number,
    what: string,
    call: () => Promise<Value>,
  ): Promise<Value> {
    const end = this.#pauses.warm.start();
    try {
      return await this.#call(name, timeoutMs, what, call);
    } finally {
      end();
    }
  }

  async #call<Value>(
    name: RuntimeErrorName,
    timeoutMs: number,
    what: string,
    call: () => Promise<Value>,
  ): Promise<Value> {
    try {
      return await bounded(call(), timeoutMs, what);
    } catch (error) {
      throw problemOf(name, error);
    }
  }

  async #kill(ref: string, signal: string): Promise<void> {
    // 409: it does not run any more.
    await ignoring([404, 409], () => this.#docker.getContainer(ref).kill({ signal }));
  }

  /** The container that an earlier creation of the same has made. */
  async #made(spec: ContainerSpec): Promise<ContainerInspectInfo | undefined> {
    const info = await this.#look(spec.runtimeName);
    if (info === null) return undefined;
    const owner = ownerOf(info.Config.Labels, info.Name);
    const isOurs = owner?.taskId === spec.taskId && owner.containerName === spec.containerName;
    return isOurs ? info : undefined;
  }

  /** null: no such container. */
  async #look(ref: string, size = false): Promise<ContainerInspectInfo | null> {
    // Of Docker's API, but not of dockerode's types.
    const options: Docker.ContainerInspectOptions & { readonly size: boolean } = { size };
    try {
      return await this.#docker.getContainer(await this.#pauses.warm.idOf(ref)).inspect(options);
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async #observe(info: ContainerInspectInfo): Promise<ContainerObservation>;
  async #observe(info: ContainerInspectInfo | null): Promise<ContainerObservation | null>;
  async #observe(info: ContainerInspectInfo | null): Promise<ContainerObservation | null> {
    if (info === null) return null;
    const networkInterface = interfaceOf(info, this.#pauses.network.name);
    return {
      ...observationOf(info, await this.#images.digestOf(info.Image, imageNameOf(info))),
      ...(networkInterface === undefined ? {} : { networkInterface }),
    };
  }
}

async function ignoring(statuses: readonly number[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined || !statuses.includes(status)) throw error;
  }
}
