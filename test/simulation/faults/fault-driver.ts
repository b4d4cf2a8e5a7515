import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import type { LeaseLies } from '../control-plane/watched-shell.ts';
import type { TrueContainer } from '../host/oracle.ts';
import type { SimHost } from '../host/sim-host.ts';
import type { Chance } from '../world/chance.ts';
import { JOURNAL_END } from '../world/names.ts';
import { HEALTHY_JOURNAL } from '../world/sim-journal.ts';
import type { SimJournal } from '../world/sim-journal.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';
import type { FaultPlan } from './fault-plan.ts';

const CLOCK_ERROR_MS_MAX = 3_600_000;
/** Most clocks that are wrong are a little wrong. */
const CLOCK_ERROR_MS_USUAL_MAX = 90_000;
/** Long enough to lose a lease, and short enough to get it back in time. */
const LEASE_LOSS_MS = 4_000;
const OVERSTAY_MS_MAX = 15_000;
/** How long agents may drain: not always long enough. */
const DRAIN_MS = [5_000, 90_000] as const;
const KILLED_EXIT_CODE = 137;
/** A process that was wrong about its lease writes on for a while, and what it has sent may come late. */
const LIE_EFFECT_MS = 40_000;

export interface FaultTargets {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly journal: SimJournal;
  readonly trace: Trace;
  readonly controlPlanes: readonly SimControlPlane[];
  readonly hosts: () => readonly SimHost[];
  /** The failures of all runtimes, changed in place. */
  readonly runtimeFailures: Record<string, number>;
  readonly leaseLies: LeaseLies;
  readonly afterJournalCrash: () => void;
  /** A second agent takes itself for the one of this host. */
  readonly clone: (host: SimHost, isOnSameMachine: boolean) => SimHost;
  readonly dropClone: (clone: SimHost) => void;
  readonly clones: () => readonly SimHost[];
  /** Those that run now. */
  readonly pauseContainers: () => readonly TrueContainer[];
  /** A container of no task stands on a host. */
  readonly plantStranger: (host: SimHost) => void;
}

/** Lets the planned faults happen, and ends them all. */
export class FaultDriver {
  readonly #plan: FaultPlan;
  readonly #targets: FaultTargets;
  readonly #chance: Chance;
  #isOn = true;
  /** Faults so far, besides those that network and journal count themselves. */
  count = 0;

  constructor(plan: FaultPlan, targets: FaultTargets, chance: Chance) {
    this.#plan = plan;
    this.#targets = targets;
    this.#chance = chance;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  start(): void {
    const { network, journal, runtimeFailures, controlPlanes } = this.#targets;
    const plan = this.#plan;
    network.faults = plan.network;
    journal.faults = plan.journal;
    Object.assign(runtimeFailures, plan.runtime);
    for (const { process } of controlPlanes) process.crashPointProbability = plan.controlPlaneCrashPoints;
    for (const host of this.#targets.hosts()) this.prepare(host);
    this.#every('partition', plan.partitionEveryMs, () => this.#partition());
    this.#every('disconnection', plan.disconnectionEveryMs, () => this.#disconnect());
    this.#every('writer crash', plan.controlPlaneCrashEveryMs, () => this.#pickControlPlane()?.process.kill('kill -9'));
    this.#every('writer stop', plan.controlPlaneStopEveryMs, () => this.#pickControlPlane()?.stop());
    this.#every('journal crash', plan.journalCrashEveryMs, () => this.#crashJournal());
    this.#every('agent crash', plan.agentCrashEveryMs, () => this.#pickHost()?.process.kill('kill -9'));
    this.#every('reboot', plan.hostRebootEveryMs, () => this.#pickHost()?.powerOff(this.#chance.happens(0.4)));
    this.#every('engine away', plan.engineAwayEveryMs, () => this.#engineAway());
    this.#every('clock jump', plan.clockJumpEveryMs, () => this.#jumpClock());
    this.#every('lost lease', plan.leaseLossEveryMs, () => this.#loseLease());
    this.#every('overstay', plan.overstayEveryMs, () => this.#overstay());
    this.#every('clone', plan.clonesEveryMs, () => this.#clone());
    this.#every('drain', plan.agentDrainEveryMs, () => this.#pickHost()?.drain(this.#chance.between(...DRAIN_MS)));
    this.#every('pause container', plan.pauseDeathEveryMs, () => this.#endPause());
    this.#every('stranger', plan.strangersEveryMs, () => {
      const host = this.#pickHost();
      if (host !== undefined) this.#targets.plantStranger(host);
    });
    this.#superviseProcesses();
  }

  /** A machine that joins lives in the same world. */
  prepare(host: SimHost): void {
    if (this.#isOn) host.process.crashPointProbability = this.#plan.agentCrashPoints;
  }

  /** From now on nothing goes wrong any more, and everybody who is dead comes back. */
  heal(): void {
    this.#isOn = false;
    const { network, journal, runtimeFailures, controlPlanes, trace } = this.#targets;
    trace.note('all faults end');
    network.heal();
    journal.faults = HEALTHY_JOURNAL;
    journal.restart();
    for (const name of Object.keys(runtimeFailures)) runtimeFailures[name] = 0;
    for (const controlPlane of controlPlanes) {
      controlPlane.process.crashPointProbability = 0;
      controlPlane.clockErrorMs = 0;
      controlPlane.lease.overstayMs = 0;
      controlPlane.lease.unansweredUntil = 0;
      if (!controlPlane.process.isAlive) controlPlane.start();
    }
    for (const clone of this.#targets.clones()) this.#targets.dropClone(clone);
    for (const host of this.#targets.hosts()) {
      host.process.crashPointProbability = 0;
      host.clockErrorMs = 0;
      host.engine.setAway(false);
      if (host.process.isAlive) host.connect();
      else host.start();
    }
  }

  #every(name: string, meanMs: number | null, act: () => void): void {
    if (meanMs === null) return;
    const chance = this.#chance.fork(name);
    const next = (): void => {
      this.#targets.clock.after(Math.ceil(-Math.log(1 - chance.next()) * meanMs), () => {
        if (!this.#isOn) return;
        this.count += 1;
        act();
        next();
      });
    };
    next();
  }

  /** Every process that dies is started again, as systemd would. */
  #superviseProcesses(): void {
    const { controlPlanes } = this.#targets;
    for (const controlPlane of controlPlanes) this.#supervise(controlPlane, 300, 8_000);
    for (const host of this.#targets.hosts()) this.superviseHost(host);
  }

  superviseHost(host: SimHost): void {
    this.#supervise(host, 300, 20_000);
  }

  #supervise(subject: SimControlPlane | SimHost, minMs: number, maxMs: number): void {
    const { process } = subject;
    const { onDeath } = process;
    process.onDeath = () => {
      onDeath?.();
      this.count += 1;
      this.#later(this.#chance.between(minMs, maxMs), () => subject.start());
    };
  }

  #later(delayMs: number, act: () => void): void {
    this.#targets.clock.after(delayMs, () => {
      if (this.#isOn) act();
    });
  }

  #pickControlPlane(): SimControlPlane | undefined {
    const { controlPlanes } = this.#targets;
    // The one that writes is the one whose death matters.
    return controlPlanes.find(({ isLeading }) => isLeading) ?? this.#chance.pick(controlPlanes);
  }

  #pickHost(): SimHost | undefined {
    return this.#chance.pick(this.#targets.hosts());
  }

  #partition(): void {
    const { network, trace, controlPlanes } = this.#targets;
    const controlPlane = this.#chance.pick(controlPlanes)?.name ?? '*';
    const other = this.#chance.happens(0.4) ? JOURNAL_END : (this.#pickHost()?.name ?? '*');
    const ends = this.#chance.happens(0.15) ? (['*', other] as const) : ([controlPlane, other] as const);
    const [from, to] = this.#chance.happens(0.5) ? ends : ([ends[1], ends[0]] as const);
    const durationMs = this.#chance.between(500, 60_000);
    trace.note(`nothing gets from ${from} to ${to} for ${durationMs} ms`);
    network.cut(from, to);
    this.#later(durationMs, () => network.mend(from, to));
  }

  #disconnect(): void {
    const host = this.#pickHost();
    if (host === undefined) return;
    host.disconnect();
    this.#later(this.#chance.between(100, 40_000), () => host.connect());
  }

  /** A copied machine, or an old process that is not as dead as its supervisor believes. */
  #clone(): void {
    const { clone, dropClone } = this.#targets;
    const host = this.#pickHost();
    if (host === undefined || host.isScrapped) return;
    const copy = clone(host, this.#chance.happens(0.5));
    copy.start();
    this.#targets.clock.after(this.#chance.between(2_000, 60_000), () => dropClone(copy));
  }

  /** Out of memory, or somebody's mistake. */
  #endPause(): void {
    const { pauseContainers, hosts, trace } = this.#targets;
    const pause = this.#chance.pick(pauseContainers());
    const host = hosts().find(({ name }) => name === pause?.host);
    if (pause === undefined || host === undefined) return;
    trace.note(`${host.name}: the pause container of ${pause.taskId.slice(0, 8)} ends`);
    host.engine.exit(pause.runtimeId, KILLED_EXIT_CODE);
  }

  #crashJournal(): void {
    const { journal, trace } = this.#targets;
    if (journal.isDown) return;
    trace.note('the journal crashes');
    journal.crash();
    this.#targets.afterJournalCrash();
    this.#later(this.#chance.between(200, 15_000), () => {
      trace.note('the journal is back');
      journal.restart();
    });
  }

  #engineAway(): void {
    const host = this.#pickHost();
    if (host === undefined) return;
    this.#targets.trace.note(`the engine of ${host.name} does not answer`);
    host.engine.setAway(true);
    this.#later(this.#chance.between(500, 45_000), () => host.engine.setAway(false));
  }

  #jumpClock(): void {
    const subject = this.#chance.happens(0.6) ? this.#chance.pick(this.#targets.controlPlanes) : this.#pickHost();
    if (subject === undefined) return;
    const errorMsMax = this.#chance.happens(0.3) ? CLOCK_ERROR_MS_MAX : CLOCK_ERROR_MS_USUAL_MAX;
    const errorMs = this.#chance.happens(0.3) ? 0 : this.#chance.between(-errorMsMax, errorMsMax);
    this.#targets.trace.note(`the clock of ${subject.name} is wrong by ${errorMs} ms`);
    subject.clockErrorMs = errorMs;
  }

  #loseLease(): void {
    const { controlPlanes, trace } = this.#targets;
    const leader = controlPlanes.find(({ isLeading }) => isLeading);
    if (leader === undefined) return;
    const other = controlPlanes.find((one) => one !== leader);
    const comesBack = this.#chance.happens(0.5);
    const durationMs = this.#chance.between(2_000, 12_000);
    trace.note(`${leader.name} cannot renew its lease`);
    this.#leaveUnanswered(leader, comesBack ? LEASE_LOSS_MS : durationMs);
    // The other one takes it and cannot renew it either: the first may get it back before it has stood down.
    if (comesBack && other !== undefined) this.#later(LEASE_LOSS_MS, () => this.#leaveUnanswered(other, LEASE_LOSS_MS));
  }

  #leaveUnanswered({ lease }: SimControlPlane, durationMs: number): void {
    lease.unansweredUntil = this.#targets.clock.now() + durationMs;
  }

  /** The leader goes on for a while without a lease, as a process does that was stopped and does not know it. */
  #overstay(): void {
    const { controlPlanes, trace, clock, leaseLies } = this.#targets;
    const leader = controlPlanes.find(({ isLeading }) => isLeading);
    if (leader === undefined) return;
    const overstayMs = this.#chance.between(1_000, OVERSTAY_MS_MAX);
    trace.note(`${leader.name} will overstay its lease by ${overstayMs} ms`);
    leader.lease.overstayMs = overstayMs;
    leader.lease.unansweredUntil = clock.now() + overstayMs + 4_000;
    const lieMs = overstayMs + 8_000;
    leaseLies.until = clock.now() + lieMs + LIE_EFFECT_MS;
    this.#later(lieMs, () => void (leader.lease.overstayMs = 0));
  }
}
