import type { AgentDirective } from '#libs/agents/protocol';
import type { SimulatedDelays, SimulatedFailures } from '#libs/container-runtime';
import type { BoundedContext } from '#libs/kernel';
import { SimControlPlane } from './control-plane/sim-control-plane.ts';
import type { LeaseLies } from './control-plane/watched-shell.ts';
import { FaultDriver } from './faults/fault-driver.ts';
import { drawFaults } from './faults/fault-plan.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import { Oracle } from './host/oracle.ts';
import type { TrueContainer } from './host/oracle.ts';
import type { HostShape } from './host/host-shape.ts';
import { SimHost } from './host/sim-host.ts';
import type { HostWorld } from './host/sim-host.ts';
import { Auditor } from './invariants/auditor.ts';
import type { InvariantName, Violation } from './invariants/violation.ts';
import { ecsWith, partsWith, PRODUCT_DECIDERS } from './parts.ts';
import type { BrokenParts } from './parts.ts';
import { healthChangeOf } from './workload/images.ts';
import { strangerSpec } from './workload/stranger.ts';
import { ImageRegistry } from './workload/image-registry.ts';
import { Callers } from './workload/callers.ts';
import { Workload } from './workload/workload.ts';
import { Chance } from './world/chance.ts';
import { SimJournal } from './world/sim-journal.ts';
import { SimLease } from './world/sim-lease.ts';
import { SimNetwork } from './world/sim-network.ts';
import { Trace } from './world/trace.ts';
import { VirtualClock } from './world/virtual-clock.ts';

/** Virtual time begins here: a round moment (ms since the epoch). */
const START_MS = 1_800_000_000_000;
const TRACE_LINES_TOLD = 30;
const WORKLOAD_PAUSE_MS = 4_000;

const DELAYS: SimulatedDelays = { pull: [5, 900], create: [5, 60], start: [20, 250], other: [1, 20], stop: [5, 1_500] };
const SHAPES = [
  { cpu: 1024, memory: 1024 },
  { cpu: 2048, memory: 2048 },
  { cpu: 2048, memory: 4096 },
] as const;
/** From so many hours on a world lives slowly: everybody does as much in a day as otherwise in an hour. */
const SLOW_FROM_HOURS = 2;
const SLOWNESS = 24;
/** Every host is a heartbeat each two seconds, and a long life has many. */
const HOSTS_IN_A_LONG_LIFE_MAX = 4;

export interface WorldOptions {
  readonly seed: number;
  /** Virtual hours with faults. */
  readonly hours: number;
  readonly broken?: BrokenParts;
  readonly print?: (line: string) => void;
  /** Contexts that live beside ECS. */
  readonly contexts?: readonly BoundedContext[];
}

/** One whole world of a seed: control planes, journal, network, hosts, callers, faults, and the auditor who watches. */
export class SimWorld {
  readonly seed: number;
  readonly clock = new VirtualClock(START_MS);
  readonly trace: Trace;
  readonly journal: SimJournal;
  readonly network: SimNetwork;
  readonly auditor: Auditor;
  readonly controlPlanes: SimControlPlane[] = [];
  readonly plan: FaultPlan;
  readonly faults: FaultDriver;
  readonly workload: Workload;
  readonly callers: Callers;
  /** The contexts as the product has them; those of the control planes may be broken. */
  readonly contexts: readonly BoundedContext[];
  readonly #others: readonly BoundedContext[];
  readonly #leaseLies: LeaseLies = { until: 0 };
  readonly #registry = new ImageRegistry();
  readonly #chance: Chance;
  readonly #hosts: SimHost[] = [];
  /** Agents that take themselves for one of a host. */
  readonly #clones: SimHost[] = [];
  readonly #isLong: boolean;
  readonly #hostWorld: HostWorld;
  readonly #runtimeFailures: Record<string, number> = {};
  #hostsMade = 0;
  #strangers = 0;
  #violation: Violation | null = null;

  constructor({ seed, hours, broken = {}, print, contexts = [] }: WorldOptions) {
    this.seed = seed;
    this.#others = contexts;
    this.contexts = [ecsWith({}), ...contexts];
    this.#isLong = hours >= SLOW_FROM_HOURS;
    this.#chance = new Chance(`waybill/${seed}`);
    const now = (): number => this.clock.now();
    this.trace = new Trace(now, print);
    this.plan = drawFaults(this.#chance.fork('plan'), this.#isLong ? SLOWNESS : 1);
    this.trace.note(`seed ${seed}: ${this.plan.hosts} hosts, ${this.plan.names.join(', ')}`);
    this.journal = new SimJournal(this.clock, this.#chance.fork('journal'), broken.journal);
    this.network = new SimNetwork(this.clock, this.#chance.fork('network'), this.trace);
    const oracle = new Oracle(now);
    this.auditor = new Auditor({
      journal: this.journal,
      oracle,
      trace: this.trace,
      now,
      report: (invariant, facts) => this.report(invariant, facts),
      onStarted: (container) => this.#changeHealth(container),
      decider: PRODUCT_DECIDERS.cluster,
    });
    this.#hostWorld = {
      clock: this.clock,
      network: this.network,
      trace: this.trace,
      oracle,
      observer: this.auditor,
      controlPlanes: () => this.controlPlanes,
      failures: this.#runtimeFailures as SimulatedFailures,
      delays: DELAYS,
      registry: this.#registry,
      parts: partsWith(broken),
      broken,
    };
    this.#makeControlPlanes(broken);
    const hosts = this.#isLong ? Math.min(this.plan.hosts, HOSTS_IN_A_LONG_LIFE_MAX) : this.plan.hosts;
    for (let i = 0; i < hosts; i++) this.#makeHost();
    this.callers = new Callers({
      clock: this.clock,
      network: this.network,
      trace: this.trace,
      auditor: this.auditor,
      controlPlanes: this.controlPlanes,
      chance: this.#chance.fork('callers'),
    });
    this.workload = this.#newWorkload(oracle);
    this.faults = this.#newFaults();
  }

  /** Machines that are not scrapped. */
  get hosts(): readonly SimHost[] {
    return this.#hosts;
  }

  get violation(): Violation | null {
    return this.#violation;
  }

  get faultCount(): number {
    return this.network.faultCount + this.journal.faultCount + this.faults.count;
  }

  /** The first violation counts; it ends the run after the step in which it was found. */
  report(invariant: InvariantName, facts: string): void {
    if (this.#violation !== null) return;
    this.trace.note(`VIOLATION of ${invariant}: ${facts}`);
    const trace = this.trace.last(TRACE_LINES_TOLD);
    this.#violation = { invariant, facts, seed: this.seed, atSeconds: this.trace.seconds, trace };
  }

  start(): void {
    this.faults.start();
    for (const controlPlane of this.controlPlanes) controlPlane.start();
    for (const host of this.hosts) {
      this.clock.after(this.#chance.between(0, 3_000), () => host.start());
    }
    this.workload.start();
  }

  #newWorkload(oracle: Oracle): Workload {
    return new Workload({
      clock: this.clock,
      trace: this.trace,
      callers: this.callers,
      model: this.auditor.model,
      oracle,
      registry: this.#registry,
      hosts: () => this.hosts,
      chance: this.#chance.fork('workload'),
      replaceHost: (host) => this.#replaceHost(host),
      meanPauseMs: WORKLOAD_PAUSE_MS * (this.#isLong ? SLOWNESS : 1),
      isLong: this.#isLong,
    });
  }

  #newFaults(): FaultDriver {
    return new FaultDriver(
      this.plan,
      {
        clock: this.clock,
        network: this.network,
        journal: this.journal,
        trace: this.trace,
        controlPlanes: this.controlPlanes,
        hosts: () => this.hosts,
        runtimeFailures: this.#runtimeFailures,
        leaseLies: this.#leaseLies,
        afterJournalCrash: () => this.auditor.afterJournalCrash(),
        clone: (host, isOnSameMachine) => this.#cloneHost(host, isOnSameMachine),
        dropClone: (clone) => this.#dropClone(clone),
        clones: () => [...this.#clones],
        pauseContainers: () => [...this.auditor.oracle.running()].filter(({ isPause }) => isPause),
        plantStranger: (host) => this.#plantStranger(host),
      },
      this.#chance.fork('faults'),
    );
  }

  #makeControlPlanes(broken: BrokenParts): void {
    const lease = new SimLease(() => this.clock.now());
    const cursors = new Map<string, number>();
    for (let i = 1; i <= this.plan.controlPlanes; i++) {
      const name = `cp${i}`;
      const controlPlane = new SimControlPlane(
        name,
        {
          clock: this.clock,
          network: this.network,
          journal: this.journal,
          lease,
          trace: this.trace,
          observer: this.auditor,
          contexts: [ecsWith(broken), ...this.#others],
          cursors,
          leaseLies: this.#leaseLies,
          parts: partsWith(broken),
          peers: () => this.controlPlanes,
          toAgent: (from, instanceId, directive) => this.#toAgent(from, instanceId, directive),
        },
        this.#chance.fork(name),
      );
      this.controlPlanes.push(controlPlane);
    }
  }

  /** Containers of some images change their health after a while. */
  #changeHealth({ host, taskId, containerName, runtimeId }: TrueContainer): void {
    const engine = [...this.#hosts, ...this.#clones].find(({ name }) => name === host)?.engine;
    const change = healthChangeOf(engine?.specOf(taskId, containerName)?.container.image ?? '');
    if (change !== null) this.clock.after(change.afterMs, () => engine?.setHealth(runtimeId, change.healthStatus));
  }

  /** A subject is an instance's: every agent that takes itself for it hears. */
  #toAgent(from: string, instanceId: string, directive: AgentDirective): void {
    if ('tasks' in directive) this.auditor.assigned(instanceId, directive);
    for (const host of [...this.#hosts, ...this.#clones]) {
      if (host.instanceId !== instanceId) continue;
      this.network.send(from, host.name, directive, (received) => host.directed(received));
    }
  }

  #cloneHost(host: SimHost, isOnSameMachine: boolean): SimHost {
    this.#hostsMade += 1;
    const name = `${host.name}-${isOnSameMachine ? 'twin' : 'clone'}${this.#hostsMade}`;
    this.auditor.cloned(host.instanceId);
    const clone = new SimHost(name, host.shape, this.#hostWorld, this.#chance.fork(name), {
      of: host,
      isOnSameMachine,
    });
    this.#clones.push(clone);
    return clone;
  }

  #dropClone(clone: SimHost): void {
    const index = this.#clones.indexOf(clone);
    if (index < 0) return;
    this.#clones.splice(index, 1);
    clone.isScrapped = true;
    clone.process.kill('the clone is gone');
    if (clone.ownsEngine) clone.powerOff(true);
  }

  #plantStranger(host: SimHost): void {
    const taskId = this.#chance.fork(`stranger/${this.#strangers}`).hex(32);
    this.#strangers += 1;
    this.auditor.planted(taskId);
    this.trace.note(`${host.name}: a container of task ${taskId.slice(0, 8)}`);
    const spec = strangerSpec(taskId, host.instanceId);
    host.engine.perform({ call: 'create', spec }, () =>
      host.engine.perform({ call: 'start', ref: spec.runtimeName }, () => {}),
    );
  }

  #makeHost(): SimHost {
    this.#hostsMade += 1;
    const name = `host${this.#hostsMade}`;
    const chance = this.#chance.fork(name);
    const shape = chance.pick(SHAPES) ?? SHAPES[0];
    const attributes = [
      ...(chance.happens(0.8) ? [{ name: 'rack', value: `r${chance.between(1, 3)}` }] : []),
      ...(chance.happens(0.3) ? [{ name: 'ssd' }] : []),
    ];
    const isOld = chance.happens(0.1);
    const zone = `zone-${chance.between(1, 3)}`;
    const launchTypes = this.#hostsMade === 1 ? null : someLaunchTypes(chance.fork('launch-types'));
    const host = new SimHost(name, { ...shape, zone, attributes, launchTypes, isOld }, this.#hostWorld, chance);
    this.#hosts.push(host);
    return host;
  }

  /** A deregistered machine is scrapped; a new one comes in its place. */
  #replaceHost(host: SimHost): void {
    // The request may have been lost: a machine that is still registered stays.
    const index = this.#hosts.indexOf(host);
    if (index < 0 || this.auditor.model.instances.get(host.instanceId)?.status !== 'INACTIVE') return;
    this.trace.note(`${host.name} is scrapped`);
    host.isScrapped = true;
    host.process.kill('scrapped');
    host.powerOff(true);
    this.#hosts.splice(index, 1);
    const fresh = this.#makeHost();
    this.faults.prepare(fresh);
    this.faults.superviseHost(fresh);
    fresh.start();
  }
}

/** Most hosts do not say what they take; some take everything, some are of the Fargate pool. */
function someLaunchTypes(chance: Chance): HostShape['launchTypes'] {
  const draw = chance.next();
  if (draw < 0.4) return null;
  if (draw < 0.7) return ['EC2', 'EXTERNAL', 'FARGATE'];
  return draw < 0.95 ? ['FARGATE'] : ['EXTERNAL'];
}
