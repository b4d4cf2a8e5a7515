import type Docker from 'dockerode';
import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { OwnContainerSpec, PauseSpec } from '#libs/container-runtime';
import { daemonText, messageOf, statusOf } from '../engine/docker-problem.ts';
import { WARM_INTERFACES_DEFAULT } from './network-options.ts';
import type { NetworkOptions } from './network-options.ts';
import { connectionOf, LABELS } from '../container/labels.ts';
import { isPauseArchitecture } from './pause-program.ts';
import { ensurePauseImage } from './pause-image.ts';
import { pauseOptionsOf, warmOptionsOf } from './pause-options.ts';
import type { PauseInterface } from './pause-options.ts';
import { removeSecurityRules } from './security-groups/nft.ts';
import { SecurityGroupEnforcement } from './security-groups/enforcement.ts';
import { enforcementObstacle } from './security-groups/obstacles.ts';
import type { GroupMember } from './security-groups/ruleset.ts';
import { isStillOffered, offeredSubnets } from './subnets.ts';
import type { Subnet } from './subnets.ts';
import { VpcNetwork } from './vpc-network.ts';
import { WarmPool } from './warm-pool.ts';
import type { WarmModel } from './warm-pool.ts';

/** Other agents of the engine may take the addresses that this one has chosen; more often than this is no accident. */
const ADDRESS_ATTEMPTS_MAX = 16;
const ADDRESS_TAKEN = /address already in use/i;

/** Makes and starts the containers that hold what the containers of a task share. */
export class PauseContainers {
  readonly #docker: Docker;
  readonly #options: NetworkOptions;
  readonly #home: string | undefined;
  readonly network: VpcNetwork;
  readonly warm: WarmPool;
  readonly #instanceId: string;
  readonly #security: SecurityGroupEnforcement | undefined;
  #lifting: Promise<void> | undefined;

  constructor(docker: Docker, instanceId: string, options: NetworkOptions, home: string | undefined) {
    this.#docker = docker;
    this.#instanceId = instanceId;
    this.#options = options;
    this.#home = home;
    this.network = new VpcNetwork(docker, options);
    this.warm = new WarmPool({
      docker,
      instanceId,
      network: this.network.name,
      accepts: (subnetId, address) => isStillOffered(options, subnetId, address),
      ...WARM_INTERFACES_DEFAULT,
      ...options.warmInterfaces,
      make: (name, model, subnet) => this.#makeWarm(name, model, subnet),
      warn: (text) => options.warn?.(text),
    });
    const { securityGroupsFile: file } = options;
    this.#security =
      file === undefined
        ? undefined
        : new SecurityGroupEnforcement({
            instanceId,
            file,
            bridge: this.network.name,
            members: () => this.#members(),
            warn: (text) => options.warn?.(text),
          });
  }

  /**
   * Makes one, or takes one that is ready and runs already.
   * @returns how it runs, or the id of one that was made
   * @throws RuntimeProblem ContainerNetworkingError, or what dockerode throws
   */
  async create(spec: PauseSpec): Promise<ContainerInspectInfo | string> {
    if (spec.network === null) return await this.#make(pauseOptionsOf(spec, null, this.#home));
    const subnets = this.#subnetsOf(spec.network.subnets);
    if (this.#security !== undefined) {
      await this.network.ensure();
      await this.#security.admit(spec.network.securityGroups);
    }
    // The namespaces of one that is ready are its own.
    const ready = spec.sharesPid || spec.sharesIpc ? undefined : await this.warm.claim(spec, subnets);
    if (ready !== undefined) {
      await this.secure(ready);
      return ready;
    }
    return await this.#connected(subnets, (connected) => this.#make(pauseOptionsOf(spec, connected, this.#home)));
  }

  /** Before anything listens at the address of a pause container: its security groups are enforced when this resolves. */
  async secure({ Config, Name, State }: ContainerInspectInfo): Promise<void> {
    if (State.Running && connectionOf(Config.Labels, Name) !== undefined) await this.#security?.refresh();
  }

  /** What this host can do for tasks, as placement names it. */
  async capabilities(engine: {
    readonly osType: string;
    readonly cpuArchitecture: string;
  }): Promise<readonly string[]> {
    if (engine.osType !== 'linux') return [];
    if (!isPauseArchitecture(engine.cpuArchitecture)) return ['container-port-range'];
    const obstacle = this.#security === undefined ? undefined : await enforcementObstacle();
    if (obstacle !== undefined) this.#options.warn?.(obstacle);
    return ['container-port-range', 'pid-ipc-namespace-sharing', ...(obstacle === undefined ? ['task-eni'] : [])];
  }

  /** The rules are for the tasks that run, whatever was missed; without a file there are none, whatever was before. */
  refreshRules(): void {
    if (this.#security !== undefined) return this.#security.refreshInBackground();
    this.#lifting ??= removeSecurityRules(this.#instanceId).catch((error: unknown) => {
      this.#options.warn?.(`security groups of before are still enforced: ${messageOf(error)}`);
    });
  }

  /** Containers and rules stay. */
  async close(): Promise<void> {
    await Promise.all([this.warm.close(), this.#security?.close(), this.#lifting]);
  }

  /** Containers of tasks name the pause container as their task knows it; here as the engine knows it. */
  async joined(spec: OwnContainerSpec): Promise<OwnContainerSpec> {
    const owner = async <Mode extends OwnContainerSpec['network' | 'pid' | 'ipc']>(mode: Mode): Promise<Mode> =>
      typeof mode === 'object' && mode !== null ? { ...mode, container: await this.warm.idOf(mode.container) } : mode;
    return { ...spec, network: await owner(spec.network), pid: await owner(spec.pid), ipc: await owner(spec.ipc) };
  }

  /** The addresses of this agent's tasks. */
  async #members(): Promise<readonly GroupMember[]> {
    const { name } = this.network;
    const filters = { label: [`${LABELS.instanceId}=${this.#instanceId}`], network: [name], status: ['running'] };
    const containers = await this.#docker.listContainers({ filters });
    return containers.flatMap(({ Labels, Names, NetworkSettings: { Networks } }) => {
      const connection = connectionOf(Labels, Names[0] ?? '');
      const address = Networks[name]?.IPAddress ?? '';
      return connection === undefined || address === '' ? [] : [{ address, securityGroups: connection.securityGroups }];
    });
  }

  async #makeWarm(name: string, model: WarmModel, subnet: Subnet): Promise<string> {
    const id = await this.#connected([subnet], (connected) => {
      const subnetId = subnet.range === null ? null : subnet.id;
      return this.#make(warmOptionsOf(name, model, { ...connected, subnetId }, this.#home));
    });
    await this.start(id, subnet.id);
    return id;
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
    await this.network.ensure();
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

  async #make(options: ContainerCreateOptions): Promise<string> {
    await ensurePauseImage(this.#docker);
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
