import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import { daemonText, statusOf } from '../engine/docker-problem.ts';
import { listMember, member, textMember } from '../engine/untyped-members.ts';
import { NETWORK_NAME_DEFAULT } from './network-options.ts';
import type { NetworkOptions } from './network-options.ts';
import { freeAddress } from './subnets.ts';
import type { Subnet } from './subnets.ts';

/** How long another agent, which makes the network right now, may take until the engine shows it. */
const CREATION_LOOKS_MAX = 20;
const CREATION_LOOK_INTERVAL_MS = 100;

const NETWORK_LABEL = 'waybill.network';

/** The bridge network of the tasks that have an address of their own, one per engine. */
export class VpcNetwork {
  readonly name: string;
  readonly #docker: Docker;
  readonly #cidr: string | undefined;
  #ensuring: Promise<void> | undefined;
  /** By subnet, the address that was given last. */
  readonly #lastGiven = new Map<string, string>();
  /** Given, and perhaps not yet to be seen at a container. */
  readonly #reserved = new Set<string>();
  /** Those of them that a list shows, if a container has them, when it is asked for from now on. */
  readonly #settled = new Set<string>();

  constructor(docker: Docker, { name = NETWORK_NAME_DEFAULT, vpcCidr }: NetworkOptions) {
    this.#docker = docker;
    this.name = name;
    this.#cidr = vpcCidr;
  }

  /** Makes the network, unless it is there. @throws RuntimeProblem ContainerNetworkingError where it has another range */
  async ensure(): Promise<void> {
    this.#ensuring ??= this.#ensure().finally(() => (this.#ensuring = undefined));
    await this.#ensuring;
  }

  async #ensure(): Promise<void> {
    const found = (await this.#inspect()) ?? (await this.#create());
    const cidr = cidrOf(found);
    if (this.#cidr === undefined || cidr === this.#cidr) return;
    const detail = `the Docker network ${this.name} has the range ${cidr}, not ${this.#cidr}; while no container uses it, remove it with docker network rm ${this.name}`;
    throw new RuntimeProblem('ContainerNetworkingError', detail, false);
  }

  /**
   * An address of the subnet that no container has. Another agent of this engine may take the same one; the engine lets
   * only one of them start with it.
   * @returns undefined where any address of the network will do
   * @throws RuntimeProblem ContainerNetworkingError where the subnet is full
   */
  async reserve({ id, range }: Subnet): Promise<string | undefined> {
    if (range === null) return undefined;
    const settled = [...this.#settled];
    const taken = await this.#takenAddresses();
    // Nothing is awaited from here on, so that two creations never find the same address.
    for (const shown of settled) if (this.#settled.delete(shown)) this.#reserved.delete(shown);
    for (const address of this.#reserved) taken.add(address);
    const address = freeAddress(range, taken, this.#lastGiven.get(id));
    if (address === undefined) {
      throw new RuntimeProblem('ContainerNetworkingError', `subnet ${id} has no free address on this host`, false);
    }
    this.#lastGiven.set(id, address);
    this.#reserved.add(address);
    return address;
  }

  /** From now on the container shows the address by itself, or it has come to nothing. */
  settle(address: string | undefined): void {
    if (address !== undefined) this.#settled.add(address);
  }

  /** Gives a container that has not been started another address. */
  async readdress(containerId: string, address: string): Promise<void> {
    const network = this.#docker.getNetwork(this.name);
    await network.disconnect({ Container: containerId });
    await network.connect({ Container: containerId, EndpointConfig: { IPAMConfig: { IPv4Address: address } } });
  }

  async #takenAddresses(): Promise<Set<string>> {
    const filters = { network: [this.name] };
    const containers = await this.#docker.listContainers({ all: true, filters });
    return new Set(
      containers.flatMap(({ NetworkSettings }) => {
        const { [this.name]: endpoint } = NetworkSettings.Networks;
        const configured = textMember(endpoint?.IPAMConfig, 'IPv4Address');
        return [endpoint?.IPAddress ?? '', configured ?? ''];
      }),
    );
  }

  /** null: no such network. */
  async #inspect(): Promise<unknown> {
    try {
      return await this.#docker.getNetwork(this.name).inspect();
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async #create(): Promise<unknown> {
    try {
      await this.#docker.createNetwork({
        Name: this.name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Labels: { [NETWORK_LABEL]: 'vpc' },
        // There is one interface of a name: of two agents that make the network at once, only one succeeds.
        Options: { 'com.docker.network.bridge.name': this.name },
        ...(this.#cidr === undefined ? {} : { IPAM: { Driver: 'default', Config: [{ Subnet: this.#cidr }] } }),
      });
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      const made = await this.#madeByAnother();
      if (made !== null) return made;
      throw new RuntimeProblem('ContainerNetworkingError', `network ${this.name}: ${daemonText(error)}`, false);
    }
    return await this.#inspect();
  }

  async #madeByAnother(): Promise<unknown> {
    for (let look = 1; look <= CREATION_LOOKS_MAX; look++) {
      const made = await this.#inspect();
      if (made !== null) return made;
      await delay(CREATION_LOOK_INTERVAL_MS);
    }
    return null;
  }
}

function cidrOf(network: unknown): string | undefined {
  return textMember(listMember(member(network, 'IPAM'), 'Config')[0], 'Subnet');
}
