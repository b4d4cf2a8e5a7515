import type { ClusterState } from '#libs/ecs/deciders';
import { REOPEN_PAUSE_MS_MAX } from '#libs/engine';
import type { BoundedContext } from '#libs/kernel';
import type { SimControlPlane } from './control-plane/sim-control-plane.ts';
import { checkFromScratch, checkState } from './invariants/state-checks.ts';
import { leftOver, REMOVAL_BOUND_MS, unsettled } from './invariants/liveness.ts';
import { checkViews } from './invariants/view-checks.ts';
import { isPoolInstance } from './invariants/model-records.ts';
import type { Violation } from './invariants/violation.ts';
import type { BrokenParts } from './parts.ts';
import { SimWorld } from './sim-world.ts';
import { CLUSTER_SHARD } from './world/names.ts';
import { LEASE_TTL_MS } from '#libs/event-store';

const HOUR_MS = 3_600_000;
/** State and views are compared with the log this often (virtual time). */
const CHECKPOINT_MS = 180_000;
/** … and the silence of agents is looked at this often. */
const SESSIONS_LOOK_MS = 5_000;
/** Nothing may disturb any agent for this long at the end (L6), once the last messages of the faulty time have arrived. */
const CALM_MS = 20_000;
const LATE_MS_MAX = 61_000;
const SEEDS_PER_CLEAN_UP = 5;
/** More steps than this in one virtual second is work that goes round in circles. */
const STEPS_PER_SECOND_MAX = 50_000;
/** A writer must be there this long after all faults have ended (L4): the lease, one second, one pause before reopening. */
const WRITER_BOUND_MS = LEASE_TTL_MS + 1_000 + REOPEN_PAUSE_MS_MAX;
/** Everything must have come to its good end this long after all faults, or after the last delay that the log has … */
const SETTLE_BOUND_MS = 300_000;
/** … the longest delay is this one: starts that failed again and again … */
const DELAY_BOUND_MS = 27 * 60_000;
/** … and there are few of them in a row. */
const HEALING_BOUND_MS = 4 * HOUR_MS;
const SETTLE_LOOK_MS = 5_000;
/** How long the last commits may take to reach every view, and the writer to come to rest. */
const REST_BOUND_MS = 30_000;

export interface SeedOptions {
  readonly seed: number;
  /** Virtual hours with faults; the healing comes on top. */
  readonly hours: number;
  readonly broken?: BrokenParts;
  readonly print?: (line: string) => void;
  /** Contexts that live beside ECS. */
  readonly contexts?: readonly BoundedContext[];
  /** Called when the world has begun: what else is to happen in it. */
  readonly begin?: (world: SimWorld) => void;
  /** Called with the world as it is at the end, before it is dropped. */
  readonly inspect?: (world: SimWorld) => void;
}

/** What a run of one seed showed. */
export interface SeedResult {
  readonly seed: number;
  readonly hours: number;
  readonly faults: number;
  readonly faultNames: readonly string[];
  readonly steps: number;
  readonly commits: number;
  readonly events: number;
  /** Requests that callers had accepted. */
  readonly accepted: number;
  /** Virtual seconds from the end of the faults until everything was as it should be. */
  readonly settledAfterSeconds: number;
  readonly traceHash: string;
  readonly violation: Violation | null;
}

/** Runs one seed: a time with faults, a healing, and the last checks. */
export function runSeed(options: SeedOptions): SeedResult {
  return new SeedRun(options).run();
}

class SeedRun {
  readonly #world: SimWorld;
  readonly #faultyMs: number;
  #steps = 0;
  #second = 0;
  #stepsInSecond = 0;
  #checkpointAt = 0;
  #sessionsLookAt = 0;

  readonly #begin: (world: SimWorld) => void;
  readonly #inspect: (world: SimWorld) => void;

  constructor({ seed, hours, broken, print, contexts, begin, inspect }: SeedOptions) {
    this.#begin = begin ?? ((): void => {});
    this.#inspect = inspect ?? ((): void => {});
    this.#world = new SimWorld({
      seed,
      hours,
      ...(broken === undefined ? {} : { broken }),
      ...(print === undefined ? {} : { print }),
      ...(contexts === undefined ? {} : { contexts }),
    });
    this.#faultyMs = hours * HOUR_MS;
  }

  run(): SeedResult {
    const world = this.#world;
    const startedAt = world.clock.now();
    world.start();
    this.#begin(world);
    this.#runUntil(startedAt + this.#faultyMs);
    const healedAt = world.clock.now();
    const settledAt = this.#isSound ? this.#heal() : healedAt;
    if (this.#isSound) this.#cleanUp(healedAt);
    if (this.#isSound) this.#finish();
    this.#inspect(world);
    return {
      seed: world.seed,
      hours: (world.clock.now() - startedAt) / HOUR_MS,
      faults: world.faultCount,
      faultNames: world.plan.names,
      steps: this.#steps,
      commits: world.journal.commits.length,
      events: world.auditor.events,
      accepted: world.callers.accepted,
      settledAfterSeconds: (settledAt - healedAt) / 1_000,
      traceHash: world.trace.digest(),
      violation: world.violation,
    };
  }

  get #isSound(): boolean {
    return this.#world.violation === null;
  }

  #runUntil(until: number, enough: () => boolean = () => false): void {
    const { clock } = this.#world;
    for (let next = clock.next(); next !== null && next <= until && this.#isSound; next = clock.next()) {
      this.#step();
      if (enough()) return;
    }
  }

  #step(): void {
    const world = this.#world;
    const { clock } = world;
    try {
      clock.step();
    } catch (error) {
      world.report('DEFECT', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.#steps += 1;
    const second = Math.floor(clock.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#stepsInSecond = 0;
    }
    this.#stepsInSecond += 1;
    if (this.#stepsInSecond > STEPS_PER_SECOND_MAX) world.report('S20', `${STEPS_PER_SECOND_MAX} steps in one second`);
    if (clock.now() >= this.#sessionsLookAt) {
      this.#sessionsLookAt = clock.now() + SESSIONS_LOOK_MS;
      world.auditor.sessions.look(world.controlPlanes, !world.journal.isDown);
      world.auditor.kept.look(world.hosts, clock.now());
    }
    if (clock.now() >= this.#checkpointAt) this.#checkpoint();
  }

  #checkpoint(): void {
    const { clock, controlPlanes, auditor } = this.#world;
    this.#checkpointAt = clock.now() + CHECKPOINT_MS;
    for (const controlPlane of controlPlanes) {
      if (controlPlane.process.isAlive) checkViews(auditor, controlPlane, this.#report);
      if (!controlPlane.isWriting) continue;
      controlPlane.process.run(() =>
        controlPlane.engine?.host
          .shell(CLUSTER_SHARD)
          ?.atRest((state, head) => checkState(auditor, state as ClusterState, head, this.#report)),
      );
    }
  }

  /** Faults and work end; everything must find its good end. Returns when it had. */
  #heal(): number {
    const world = this.#world;
    const { clock, auditor } = world;
    world.workload.close();
    world.faults.heal();
    this.#activateDraining();
    const healedAt = clock.now();
    this.#runUntil(healedAt + WRITER_BOUND_MS);
    if (!world.controlPlanes.some(({ isWriting }) => isWriting)) {
      world.report('L4', `no process writes ${WRITER_BOUND_MS / 1_000} s after all faults have ended`);
    }
    let giveUpAt = healedAt + SETTLE_BOUND_MS;
    while (this.#isSound) {
      // A request to drain may have come late.
      this.#activateDraining();
      const left = unsettled(auditor, world.hosts, clock.now(), healedAt);
      const [first] = left;
      if (first === undefined) break;
      for (const { excusedUntil } of left)
        giveUpAt = Math.max(giveUpAt, Math.min(excusedUntil, clock.now() + DELAY_BOUND_MS) + SETTLE_BOUND_MS);
      giveUpAt = Math.min(giveUpAt, healedAt + HEALING_BOUND_MS);
      if (clock.now() > giveUpAt) world.report(first.invariant, `${first.facts} (${left.length} such facts)`);
      this.#runUntil(clock.now() + SETTLE_LOOK_MS);
    }
    return clock.now();
  }

  /** The last messages arrive; in some seeds there is also time for agents to remove what has ended. */
  #cleanUp(healedAt: number): void {
    const world = this.#world;
    const isLong = world.seed % SEEDS_PER_CLEAN_UP === 0;
    this.#runUntil(healedAt + (isLong ? REMOVAL_BOUND_MS + 2 * CALM_MS : LATE_MS_MAX));
    const [first] = leftOver(world.auditor, world.clock.now(), healedAt);
    if (first !== undefined) world.report('S9', first);
  }

  /** The drained hosts are put back to work, so that services have room again. */
  #activateDraining(): void {
    const { callers, auditor } = this.#world;
    for (const instance of auditor.model.instances.values()) {
      const { instanceId, status } = instance;
      if (status !== 'DRAINING' || isPoolInstance(instance)) continue;
      callers.ask({
        operation: 'UpdateContainerInstancesState',
        input: { containerInstances: [instanceId], status: 'ACTIVE' },
      });
    }
  }

  #finish(): void {
    const world = this.#world;
    const { clock, controlPlanes, auditor, journal } = world;
    const { changes } = auditor.sessions;
    this.#runUntil(clock.now() + CALM_MS);
    if (auditor.sessions.changes !== changes) world.report('L6', 'agents come and go while nothing is wrong');
    const writer = controlPlanes.find(({ isWriting }) => isWriting);
    let wasAtRest = false;
    const rest = (): void => {
      wasAtRest = false;
      writer?.process.run(() =>
        writer.engine?.host.shell(CLUSTER_SHARD)?.atRest((state, head) => {
          checkState(auditor, state as ClusterState, head, this.#report);
          wasAtRest = true;
        }),
      );
    };
    const isReached = (): boolean =>
      controlPlanes.every(({ engine }) =>
        journal.shards().every((shard) => engine?.feed.revisionOf(shard) === auditor.headOf(shard).revision),
      );
    rest();
    this.#runUntil(clock.now() + REST_BOUND_MS, () => wasAtRest && isReached());
    if (!wasAtRest) world.report('S16', 'the writer does not come to rest');
    if (!this.#isSound) return;
    for (const controlPlane of controlPlanes) this.#checkReadiness(controlPlane);
    checkFromScratch(auditor, journal, world.contexts, controlPlanes, this.#report);
    for (const controlPlane of controlPlanes) checkViews(auditor, controlPlane, this.#report);
  }

  /** L4 and L5 as a process itself reports them: one is ready to write, and all of them to read. */
  #checkReadiness({ name, engine, isWriting }: SimControlPlane): void {
    const readiness = engine?.readiness();
    const facts = `${name} reports ${JSON.stringify(readiness)}`;
    if (isWriting && readiness?.ready !== true) this.#report('L4', facts);
    if (readiness?.viewsCaughtUp !== true || !readiness.journalReadable) this.#report('L5', facts);
  }

  readonly #report = this.#reportOf();

  #reportOf(): SimWorld['report'] {
    return (invariant, facts) => this.#world.report(invariant, facts);
  }
}
