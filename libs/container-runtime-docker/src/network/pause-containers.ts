import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { PauseSpec } from '#libs/container-runtime';
import { daemonText, statusOf } from '../docker-problem.ts';
import type { NetworkOptions } from './network-options.ts';
import { ensurePauseImage } from './pause-image.ts';
import { pauseOptionsOf } from './pause-options.ts';
import type { PauseInterface } from './pause-options.ts';
import { offeredSubnets } from './subnets.ts';
import type { Subnet } from './subnets.ts';
import { VpcNetwork } from './vpc-network.ts';

/** Other agents of the engine may take the addresses that this one has chosen; more often than this is no accident. */
const ADDRESS_ATTEMPTS_MAX = 16;
const ADDRESS_TAKEN = /address already in use/i;

/** Makes and starts the containers that hold what the containers of a task share. */
export class PauseContainers {
  readonly #docker: Docker;
  readonly #options: NetworkOptions;
  readonly #home: string | undefined;
  readonly network: VpcNetwork;

  constructor(docker: Docker, options: NetworkOptions, home: string | undefined) {
    this.#docker = docker;
    this.#options = options;
    this.#home = home;
    this.network = new VpcNetwork(docker, options);
  }

  /** @returns the container's id @throws RuntimeProblem ContainerNetworkingError, or what dockerode throws */
  async create(spec: PauseSpec): Promise<string> {
    const subnets = spec.network === null ? [] : this.#subnetsOf(spec.network.subnets);
    await ensurePauseImage(this.#docker);
    if (spec.network === null) return await this.#make(spec, null);
    await this.network.ensure();
    return await this.#connected(subnets, (connected) => this.#make(spec, connected));
  }

  /** Starts a container that was created, with another address if its own is taken meanwhile. */
  async start(id: string, subnetId: string): Promise<void> {
    const [subnet] = offeredSubnets(this.#options.subnets, [subnetId]);
    for (let attempt = 1; ; attempt++) {
      try {
        return void (await this.#docker.getContainer(id).start());
      } catch (error) {
        if (subnet === undefined || !ADDRESS_TAKEN.test(daemonText(error)) || attempt === ADDRESS_ATTEMPTS_MAX) {
          throw error;
        }
        await this.#readdress(id, subnet);
      }
    }
  }

  #subnetsOf(requested: readonly string[]): readonly Subnet[] {
    const offered = offeredSubnets(this.#options.subnets, requested);
    if (offered.length > 0) return offered;
    const detail = `none of the subnets ${requested.join(', ')} is on this host, which has ${Object.keys(this.#options.subnets ?? {}).join(', ')}`;
    throw new RuntimeProblem('ContainerNetworkingError', detail, false);
  }

  /** With an address of the first subnet that has one left. */
  async #connected(subnets: readonly Subnet[], make: (connected: PauseInterface) => Promise<string>): Promise<string> {
    const { address, subnetId } = await this.#reserve(subnets);
    try {
      return await make({ network: this.network.name, subnetId, ...(address === undefined ? {} : { address }) });
    } finally {
      this.network.settle(address);
    }
  }

  async #reserve(
    subnets: readonly Subnet[],
  ): Promise<{ readonly address: string | undefined; readonly subnetId: string }> {
    const [subnet, ...others] = subnets;
    if (subnet === undefined) throw new RuntimeProblem('ContainerNetworkingError', 'no subnet was requested', false);
    try {
      return { address: await this.network.reserve(subnet), subnetId: subnet.id };
    } catch (error) {
      if (others.length === 0 || !(error instanceof RuntimeProblem)) throw error;
      return await this.#reserve(others);
    }
  }

  async #readdress(id: string, subnet: Subnet): Promise<void> {
    const address = await this.network.reserve(subnet);
    try {
      if (address !== undefined) await this.network.readdress(id, address);
    } finally {
      this.network.settle(address);
    }
  }

  async #make(spec: PauseSpec, connected: PauseInterface | null): Promise<string> {
    const options = pauseOptionsOf(spec, connected, this.#home);
    try {
      return (await this.#docker.createContainer(options)).id;
    } catch (error) {
      // The image may go between the look at it and its use.
      if (statusOf(error) !== 404) throw error;
      await ensurePauseImage(this.#docker);
      return (await this.#docker.createContainer(options)).id;
    }
  }
}
