import Docker from 'dockerode';
import type { ContainerInspectInfo, DockerOptions, HostConfig } from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type {
  ContainerObservation,
  ContainerRuntime,
  ContainerSpec,
  ImageSpec,
  InventoryItem,
  RuntimeErrorName,
  RuntimeInfo,
  RuntimeListener,
} from '#libs/container-runtime';
import { createOptionsOf } from './create-options.ts';
import { bounded, problemOf, statusOf } from './docker-problem.ts';
import { DockerEventStream } from './event-stream.ts';
import { defaultLogOf } from './host-config.ts';
import { ImageStore } from './image-store.ts';
import { LABELS, ownerOf } from './labels.ts';
import { homeLabel } from './stack-containers.ts';
import { textMember } from './untyped-members.ts';
import { listedHealthOf, observationOf, phaseOf } from './observation.ts';
import { engineInfoOf } from './engine-info.ts';
import { unsupportedFeature } from './unsupported.ts';
import { isTaskVolume, volumesToCreate } from './volumes.ts';

/** ECS_CONTAINER_CREATE_TIMEOUT and ECS_CONTAINER_START_TIMEOUT. */
const CREATE_TIMEOUT_MS = 240_000;
const START_TIMEOUT_MS = 180_000;
const OTHER_TIMEOUT_MS = 60_000;

const SIGTERM = 'SIGTERM';

export interface DockerRuntimeOptions {
  /** The container instance whose containers these are; no others are seen or touched. */
  readonly instanceId: string;
  /** The data folder of the `waybill up` that this agent belongs to; `waybill clean` finds its containers by it. */
  readonly home?: string;
  /** How to reach the engine; absent: DOCKER_HOST and its siblings, else the local socket. */
  readonly docker?: DockerOptions;
}

/** The `ContainerRuntime` of a Docker engine (API 1.41 and later). */
export class DockerRuntime implements ContainerRuntime {
  readonly #docker: Docker;
  readonly #instanceId: string;
  readonly #homeLabel: string | undefined;
  readonly #images: ImageStore;
  readonly #streams = new Set<DockerEventStream>();
  #engineLogDriver: string | undefined;

  constructor({ instanceId, home, docker }: DockerRuntimeOptions) {
    this.#docker = new Docker(docker);
    this.#instanceId = instanceId;
    this.#homeLabel = home === undefined ? undefined : homeLabel(home);
    this.#images = new ImageStore(this.#docker);
  }

  async info(): Promise<RuntimeInfo> {
    return await this.#call('CannotInspectContainerError', OTHER_TIMEOUT_MS, 'described', async () =>
      engineInfoOf(await this.#docker.info(), await this.#docker.version(), []),
    );
  }

  async pull({ reference }: ImageSpec): Promise<void> {
    await this.#images.ensure(reference);
  }

  async create(spec: ContainerSpec): Promise<ContainerObservation> {
    if (spec.kind === 'pause') {
      throw new RuntimeProblem('CannotCreateContainerError', 'a pause container is not supported by this agent', false);
    }
    const feature = unsupportedFeature(spec);
    if (feature !== undefined) {
      throw new RuntimeProblem('CannotCreateContainerError', `${feature} is not supported by this agent`, false);
    }
    return await this.#call('CannotCreateContainerError', CREATE_TIMEOUT_MS, 'created', async () => {
      const volumes = volumesToCreate(spec);
      try {
        // A volume that is there already is left as it is.
        for (const volume of volumes) await this.#docker.createVolume(volume);
        const options = createOptionsOf(spec, await this.#defaultLog(), this.#homeLabel);
        const { id } = await this.#docker.createContainer(options);
        return { runtimeId: id, phase: 'CREATED' as const };
      } catch (error) {
        const made = statusOf(error) === 409 ? await this.#made(spec) : undefined;
        if (made !== undefined) return made;
        await this.#removeTaskVolumes(volumes.map(({ Name = '' }) => Name));
        throw error;
      }
    });
  }

  async start(ref: string): Promise<ContainerObservation | null> {
    return await this.#startIf('CREATED', ref);
  }

  async restart(ref: string): Promise<ContainerObservation | null> {
    return await this.#startIf('STOPPED', ref);
  }

  async #startIf(phase: 'CREATED' | 'STOPPED', ref: string): Promise<ContainerObservation | null> {
    return await this.#call('CannotStartContainerError', START_TIMEOUT_MS, 'started', async () => {
      const before = await this.#look(ref);
      if (before === null || phaseOf(before.State.Status) !== phase) return await this.#observe(before);
      try {
        await this.#docker.getContainer(ref).start();
      } catch (error) {
        // An error may come after the fact; what counts is what has become of the container.
        const after = statusOf(error) === undefined ? null : await this.#look(ref);
        if (after === null || phaseOf(after.State.Status) === phase) throw error;
      }
      return await this.#observe(await this.#look(ref));
    });
  }

  async signal(ref: string): Promise<ContainerObservation | null> {
    return await this.#call('CannotStopContainerError', OTHER_TIMEOUT_MS, 'stopped', async () => {
      const before = await this.#look(ref);
      if (before?.State.Running === true) await this.#kill(ref, textMember(before.Config, 'StopSignal') ?? SIGTERM);
      return await this.#observe(before);
    });
  }

  async kill(ref: string): Promise<ContainerObservation | null> {
    return await this.#call('CannotStopContainerError', OTHER_TIMEOUT_MS, 'stopped', async () => {
      await this.#kill(ref, 'SIGKILL');
      return await this.#observe(await this.#look(ref));
    });
  }

  async inspect(ref: string): Promise<ContainerObservation | null> {
    return await this.#call('CannotInspectContainerError', OTHER_TIMEOUT_MS, 'inspected', async () =>
      this.#observe(await this.#look(ref)),
    );
  }

  async remove(ref: string): Promise<void> {
    await this.#call('CannotRemoveContainerError', OTHER_TIMEOUT_MS, 'removed', async () => {
      const before = await this.#look(ref);
      if (before === null) return;
      await ignoring([404], () => this.#docker.getContainer(ref).remove({ force: true, v: true }));
      const names = before.Mounts.flatMap(({ Type, Name }) => (Type === 'volume' && Name !== undefined ? [Name] : []));
      await this.#removeTaskVolumes(names);
    });
  }

  async list(): Promise<readonly InventoryItem[]> {
    return await this.#call('CannotListContainersError', OTHER_TIMEOUT_MS, 'listed', async () => {
      const filters = { label: [`${LABELS.instanceId}=${this.#instanceId}`] };
      const containers = await this.#docker.listContainers({ all: true, filters });
      return containers.flatMap(({ Id, State, Status, Labels }) => {
        const owner = ownerOf(Labels);
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

  close(): Promise<void> {
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
    return Promise.resolve();
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

  /** Asked once: an engine's default driver changes only with its restart, and so does this connection's worth. */
  async #defaultLog(): Promise<HostConfig['LogConfig']> {
    this.#engineLogDriver ??= textMember(await this.#docker.info(), 'LoggingDriver') ?? '';
    return defaultLogOf(this.#engineLogDriver);
  }

  /** The last container of the task takes its volumes away; until then they are in use. */
  async #removeTaskVolumes(names: readonly string[]): Promise<void> {
    for (const name of names.filter(isTaskVolume)) {
      await ignoring([404, 409], () => this.#docker.getVolume(name).remove());
    }
  }

  async #kill(ref: string, signal: string): Promise<void> {
    // 409: it does not run any more.
    await ignoring([404, 409], () => this.#docker.getContainer(ref).kill({ signal }));
  }

  /** The container that an earlier creation of the same has made. */
  async #made(spec: ContainerSpec): Promise<ContainerObservation | undefined> {
    const info = await this.#look(spec.runtimeName);
    const owner = ownerOf(info?.Config.Labels);
    const isOurs = owner?.taskId === spec.taskId && owner.containerName === spec.containerName;
    return isOurs ? ((await this.#observe(info)) ?? undefined) : undefined;
  }

  /** null: no such container. */
  async #look(ref: string): Promise<ContainerInspectInfo | null> {
    try {
      return await this.#docker.getContainer(ref).inspect();
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async #observe(info: ContainerInspectInfo | null): Promise<ContainerObservation | null> {
    return info === null ? null : observationOf(info, await this.#images.digestOf(info.Image));
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
