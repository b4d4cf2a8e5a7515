import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';

const SERVICE = 'waybill-bench';
const GONE_POLL_MS = 100;

/** The engine's own orchestrator, as a peer: a swarm of this one machine. */
export class Swarm {
  static readonly label = `com.docker.swarm.service.name=${SERVICE}`;
  readonly #docker: Docker;
  readonly #image: string;
  readonly #command: readonly string[];
  #isOurs = false;

  constructor(docker: Docker, image: string, command: readonly string[]) {
    this.#docker = docker;
    this.#image = image;
    this.#command = command;
  }

  /** False: the engine is a member of somebody's swarm already, and is left alone. */
  async open(): Promise<boolean> {
    const { Swarm: swarm } = (await this.#docker.info()) as { Swarm?: { LocalNodeState?: string } };
    if (swarm?.LocalNodeState !== 'inactive') return false;
    await this.#docker.swarmInit({ ListenAddr: '127.0.0.1:0', AdvertiseAddr: '127.0.0.1' });
    this.#isOurs = true;
    return true;
  }

  /** A service of so many replicas on the engine's own bridge. */
  async start(replicas: number): Promise<void> {
    await this.#docker.createService({
      Name: SERVICE,
      Mode: { Replicated: { Replicas: replicas } },
      TaskTemplate: { ContainerSpec: { Image: this.#image, Command: [...this.#command] } },
    });
  }

  /** Resolves when no container of the service is left. */
  async remove(): Promise<void> {
    await this.#docker.getService(SERVICE).remove();
    const filters = { label: [Swarm.label] };
    while ((await this.#docker.listContainers({ all: true, filters })).length > 0) await delay(GONE_POLL_MS);
  }

  async close(): Promise<void> {
    if (this.#isOurs) await this.#docker.swarmLeave({ force: true });
  }
}
