import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { LABELS } from '../container/labels.ts';
import { member } from '../engine/untyped-members.ts';
import { chooseGpus, gpuCountOf, gpuDevices, gpuIdsFrom } from './gpu-request.ts';
import type { HostPart } from '../container/host-part.ts';

const run = promisify(execFile);
/** What a container that has ended had is free again. */
const ENDED: ReadonlySet<string> = new Set(['exited', 'dead', 'removing']);

type GpuPart = Pick<HostPart, 'labels' | 'hostConfig'>;

/** The GPUs of one host, each of which belongs to one container. */
export class HostGpus {
  readonly #docker: Docker;
  /** One choice after the other: a container shows what it has as soon as it is made. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /**
   * Makes a container with the GPUs that it asks for.
   * @param ofHost ids of all GPUs of the host
   * @throws RuntimeProblem CannotCreateContainerError if not enough of them are free, or what `make` throws
   */
  async with<Made>(
    spec: OwnContainerSpec,
    ofHost: readonly string[],
    make: (part: GpuPart) => Promise<Made>,
  ): Promise<Made> {
    const count = gpuCountOf(spec.container, ofHost.length);
    if (count === 0) return await make({});
    const made = this.#turn.then(async () => {
      const ids = chooseGpus(count, ofHost, await this.#taken());
      if (ids === undefined) {
        const detail = `the host has no ${count} free GPUs of ${ofHost.length}`;
        throw new RuntimeProblem('CannotCreateContainerError', detail, false);
      }
      return await make({ labels: { [LABELS.gpuIds]: ids.join(',') }, hostConfig: gpuDevices(ids) });
    });
    this.#turn = made.catch(() => undefined);
    return await made;
  }

  async #taken(): Promise<ReadonlySet<string>> {
    const containers = await this.#docker.listContainers({ all: true, filters: { label: [LABELS.gpuIds] } });
    return new Set(
      containers.filter(({ State }) => !ENDED.has(State)).flatMap(({ Labels }) => gpuIdsFrom(Labels) ?? []),
    );
  }
}

/**
 * The GPUs of this machine, where the engine can hand them to containers.
 * @param info what `docker info` shows
 */
export async function findGpus(info: unknown, isLocal: boolean): Promise<readonly string[]> {
  if (!isLocal || member(member(info, 'Runtimes'), 'nvidia') === undefined) return [];
  const { stdout } = await run('nvidia-smi', ['--query-gpu=uuid', '--format=csv,noheader']);
  return stdout.split('\n').flatMap((line) => line.trim() || []);
}
