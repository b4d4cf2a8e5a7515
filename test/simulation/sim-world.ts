import type { AssignMessage } from '#libs/contracts';
import type { SimulatedDelays, SimulatedFailures } from '#libs/container-runtime';
import { SimControlPlane } from './control-plane/sim-control-plane.ts';
import { FaultDriver } from './faults/fault-driver.ts';
import { drawFaults } from './faults/fault-plan.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import { Oracle } from './host/oracle.ts';
import type { TrueContainer } from './host/oracle.ts';
import { SimHost } from './host/sim-host.ts';
import type { HostWorld } from './host/sim-host.ts';
import { Auditor } from './invariants/auditor.ts';
import type { InvariantName, Violation } from './invariants/violation.ts';
import { productDeciders } from './parts.ts';
import type { BrokenParts, Deciders } from './parts.ts';
import { isSick, SICK_AFTER_MS } from './workload/images.ts';
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

export interface WorldOptions {
  readonly seed: number;
  readonly broken?: BrokenParts;
  readonly print?: (line: string) => void;
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
  readonly product: Deciders = productDeciders();
  readonly #chance: Chance;
  readonly #hosts: SimHost[] = [];
  readonly #hostWorld: HostWorld;
  readonly #runtimeFailures: Record<string, number> = {};
  #hostsMade = 0;
  #violation: Violation | null = null;

  constructor({ seed, broken = {}, print }: WorldOptions) {
    this.seed = seed;
    this.#chance = new Chance(`waybill/${seed}`);
    const now = (): number => this.clock.now();
    this.trace = new Trace(now, print);
    this.plan = drawFaults(this.#chance.fork('plan'));
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
      leasesMayLie: this.plan.overstayEveryMs !== null,
      onStarted: (container) => this.#sicken(container),
      deciders: this.product,
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
      broken,
    };
    this.#makeControlPlanes(broken);
    for (let i = 0; i < this.plan.hosts; i++) this.#makeHost();
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
      hosts: () => this.hosts,
      chance: this.#chance.fork('workload'),
      replaceHost: (host) => this.#replaceHost(host),
      meanPauseMs: WORKLOAD_PAUSE_MS,
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
        afterJournalCrash: () => this.auditor.afterJournalCrash(),
      },
      this.#chance.fork('faults'),
    );
  }

  #makeControlPlanes(broken: BrokenParts): void {
    const deciders = broken.deciders?.(this.product) ?? this.product;
    const lease = new SimLease(() => this.clock.now());
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
          deciders,
          broken,
          toAgent: (from, instanceId, message) => this.#toAgent(from, instanceId, message),
        },
        this.#chance.fork(name),
      );
      this.controlPlanes.push(controlPlane);
    }
  }

  /** Containers of the sick image fail their health check after a while. */
  #sicken({ host, taskId, runtimeId }: TrueContainer): void {
    if (!isSick(this.auditor.model.tasks.get(taskId)?.template.taskDefinitionArn ?? '')) return;
    this.clock.after(SICK_AFTER_MS, () => {
      this.#hosts.find(({ name }) => name === host)?.engine.setHealth(runtimeId, 'UNHEALTHY');
    });
  }

  #toAgent(from: string, instanceId: string, message: AssignMessage): void {
    const host = this.#hosts.find((candidate) => candidate.instanceId === instanceId);
    if (host !== undefined) this.network.send(from, host.name, message, (received) => host.assign(received));
  }

  #makeHost(): SimHost {
    this.#hostsMade += 1;
    const name = `host${this.#hostsMade}`;
    const chance = this.#chance.fork(name);
    const shape = chance.pick(SHAPES) ?? SHAPES[0];
    const host = new SimHost(name, { ...shape, zone: `zone-${chance.between(1, 3)}` }, this.#hostWorld, chance);
    this.#hosts.push(host);
    return host;
  }

  /** A deregistered machine goes for good; a new one comes in its place. */
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
