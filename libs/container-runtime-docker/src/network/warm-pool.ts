import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { PauseSpec } from '#libs/container-runtime';
import { messageOf, statusOf } from '../engine/docker-problem.ts';
import { LABELS } from '../container/labels.ts';
import { claimedName, claimIn } from './claimed-name.ts';
import type { Subnet } from './subnets.ts';

const NAME_BYTES = 8;
const CONTAINER_ID = /^[0-9a-f]{64}$/;

/** What a warm container has of the tasks that it may belong to: all tasks of one agent have these in common. */
export type WarmModel = Pick<PauseSpec, 'cluster' | 'instanceId' | 'containerName'>;

export interface WarmPoolOptions {
  readonly docker: Docker;
  readonly instanceId: string;
  readonly network: string;
  /** Whether one of an earlier process has an address that a task may have now. */
  readonly accepts: (subnetId: string | undefined, address: string) => boolean;
  /** How many wait for tasks, per subnet. */
  readonly size: number;
  readonly refillPerSecond: number;
  /** Makes and starts one in the subnet. @returns its id */
  readonly make: (name: string, model: WarmModel, subnet: Subnet) => Promise<string>;
  readonly warn: (text: string) => void;
}

/** Pause containers that run before there is a task for them: a task that comes takes one by giving it its own name. */
export class WarmPool {
  readonly #options: WarmPoolOptions;
  /** By subnet; '' where none are configured. The ids of those that wait. */
  readonly #waiting = new Map<string, string[]>();
  /** Of containers that tasks have claimed, by the name that the task knows. */
  readonly #claimed = new Map<string, string>();
  /** Subnets in which tasks were started, with one of those tasks. */
  readonly #wanted = new Map<string, { readonly model: WarmModel; readonly subnet: Subnet }>();
  #adoption: Promise<void> | undefined;
  #startsInFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #refill: Promise<void> | undefined;
  #closed = false;

  constructor(options: WarmPoolOptions) {
    this.#options = options;
  }

  /** Gives a task a container that waits. @returns how it runs; undefined: there is none */
  async claim(spec: PauseSpec, subnets: readonly Subnet[]): Promise<ContainerInspectInfo | undefined> {
    await this.#adopted();
    const [first] = subnets;
    if (first !== undefined) this.#wanted.set(keyOf(first), { model: spec, subnet: first });
    for (const subnet of subnets) {
      const name = claimedName(spec, subnet.id);
      if (name === undefined) continue;
      const waiting = this.#waiting.get(keyOf(subnet)) ?? [];
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const running = await this.#rename(id, name);
        if (running === undefined) continue;
        this.#claimed.set(spec.runtimeName, id);
        return running;
      }
    }
    return undefined;
  }

  /** The id of a container that a task has claimed, by the name that the task knows; otherwise what was given. */
  async idOf(ref: string): Promise<string> {
    if (CONTAINER_ID.test(ref)) return ref;
    await this.#adopted();
    return this.#claimed.get(ref) ?? ref;
  }

  forget(id: string): void {
    for (const [name, claimed] of this.#claimed) if (claimed === id) this.#claimed.delete(name);
  }

  /** Nothing is made ahead while tasks are being started. @returns ends the start */
  start(): () => void {
    this.#startsInFlight += 1;
    clearTimeout(this.#timer);
    return () => {
      this.#startsInFlight -= 1;
      this.#refillLater();
    };
  }

  /** Those that wait stay, for the agent's successor. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#refill;
  }

  /** undefined: it does not run any more. */
  async #rename(id: string, name: string): Promise<ContainerInspectInfo | undefined> {
    const container = this.#options.docker.getContainer(id);
    try {
      await container.rename({ name });
      const info = await container.inspect();
      if (info.State.Running) return info;
      await this.#remove(id);
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
    return undefined;
  }

  /** What an earlier process of this agent has left, once. */
  async #adopted(): Promise<void> {
    this.#adoption ??= this.#adopt().catch((error: unknown) => {
      this.#adoption = undefined;
      throw error;
    });
    await this.#adoption;
  }

  async #adopt(): Promise<void> {
    const { docker, instanceId } = this.#options;
    const label = [`${LABELS.instanceId}=${instanceId}`, LABELS.warm];
    for (const container of await docker.listContainers({ all: true, filters: { label } })) {
      const claim = claimIn(container.Names[0] ?? '');
      if (claim !== undefined) this.#claimed.set(claim.runtimeName, container.Id);
      else if (this.#isOfUse(container)) this.#listOf(container.Labels[LABELS.subnet] ?? '').push(container.Id);
      else await this.#remove(container.Id);
    }
  }

  #isOfUse({ State, Labels, NetworkSettings }: ContainerInfo): boolean {
    const { size, network, accepts } = this.#options;
    const { [network]: endpoint } = NetworkSettings.Networks;
    if (size === 0 || State !== 'running' || endpoint === undefined) return false;
    return accepts(Labels[LABELS.subnet], endpoint.IPAddress);
  }

  #listOf(key: string): string[] {
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) this.#waiting.set(key, (waiting = []));
    return waiting;
  }

  /** After a pause as long as one takes: a burst of tasks comes with gaps. */
  #refillLater(): void {
    if (this.#closed || this.#startsInFlight > 0 || this.#refill !== undefined) return;
    clearTimeout(this.#timer);
    if (this.#lacking() === undefined) return;
    this.#timer = setTimeout(() => {
      this.#refill = this.#makeOne().finally(() => {
        this.#refill = undefined;
        this.#refillLater();
      });
    }, 1000 / this.#options.refillPerSecond);
    this.#timer.unref();
  }

  #lacking(): { readonly model: WarmModel; readonly subnet: Subnet } | undefined {
    for (const [key, wanted] of this.#wanted) {
      if (this.#listOf(key).length < this.#options.size) return wanted;
    }
    return undefined;
  }

  async #makeOne(): Promise<void> {
    const lacking = this.#lacking();
    if (lacking === undefined) return;
    const { model, subnet } = lacking;
    const key = keyOf(subnet);
    try {
      const name = `ecs-warm-${randomBytes(NAME_BYTES).toString('hex')}`;
      this.#listOf(key).push(await this.#options.make(name, model, subnet));
    } catch (error) {
      // The next task of the subnet says what is wrong with it, and asks for more.
      this.#wanted.delete(key);
      this.#options.warn(`no network interface could be made ahead of tasks: ${messageOf(error)}`);
    }
  }

  async #remove(id: string): Promise<void> {
    try {
      await this.#options.docker.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
    }
  }
}

/** Where no subnets are configured, an address serves a task of any of them. */
function keyOf({ id, range }: Subnet): string {
  return range === null ? '' : id;
}
