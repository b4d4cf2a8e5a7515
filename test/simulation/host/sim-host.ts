import type { AgentDirective, AgentRefusal, Heartbeat, ReportAnswer, ReportRequest } from '#libs/agents/protocol';
import { SimulatedHost } from '#libs/container-runtime';
import { AgentShell } from '#libs/agents/shell';
import type { AgentQuestion, AgentWire, HostRuntime } from '#libs/agents/shell';
import type { DefinitionsAnswer, WantedPage } from '#libs/ecs/messages';
import type { AgentAddress, Notes } from '#libs/kernel';
import type { BrokenParts, ProductParts } from '../parts.ts';
import { clockOf } from '../ports/process-ports.ts';
import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import type { Chance } from '../world/chance.ts';
import { CLUSTER, CLUSTER_SHARD } from '../world/names.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import { SimProcess } from '../world/sim-process.ts';
import type { Trace } from '../world/trace.ts';
import type { AgentObserver } from './agent-observer.ts';
import { description } from './host-shape.ts';
import type { HostShape } from './host-shape.ts';
import { SimEngine } from './sim-engine.ts';
import type { EngineWorld } from './sim-engine.ts';
import { watchedCore } from './watched-core.ts';

const STARTS_IN_FLIGHT_MAX = 4;
/** How long agents leave ended containers where they are. */
export const CLEANUP_DELAY_MS = 60_000;
/** … and of how many tasks: few, so that there are often more. */
export const STOPPED_TASKS_KEPT_MAX = 3;
/** How long a machine is away whose agent has drained. */
const REBOOT_MS = [300, 20_000] as const;

/** What a second agent has in common with the first one that it takes itself for. */
export interface Likeness {
  readonly of: SimHost;
  /** On the same machine; otherwise it is a copy of the machine, with containers of its own. */
  readonly isOnSameMachine: boolean;
}

export interface HostWorld extends EngineWorld {
  readonly network: SimNetwork;
  readonly trace: Trace;
  readonly observer: AgentObserver;
  readonly controlPlanes: () => readonly SimControlPlane[];
  readonly parts: ProductParts;
  readonly broken: BrokenParts;
}

/** A machine: an engine that survives its agent, and the agent's process with the product's shell in it. */
export class SimHost {
  readonly name: string;
  readonly instanceId: string;
  readonly shape: HostShape;
  readonly process: SimProcess;
  readonly #world: HostWorld;
  readonly #chance: Chance;
  readonly engine: SimEngine;
  /** The engine is not another machine's. */
  readonly ownsEngine: boolean;
  #shell: AgentShell | null = null;
  #unlisten: () => void = () => {};
  #connected = false;
  #heartbeatVersion = 0;
  #sessionId = '';
  /** The machine is gone and does not come back. */
  isScrapped = false;
  /** How wrong the machine's wall clock is (ms). */
  clockErrorMs = 0;
  /** When the agent must have ended that drains now (ms); null: it does not drain. */
  drainLimitAt: number | null = null;

  constructor(name: string, shape: HostShape, world: HostWorld, chance: Chance, likeness?: Likeness) {
    this.name = name;
    this.shape = shape;
    this.instanceId = likeness?.of.instanceId ?? chance.fork('id').hex(32);
    this.#world = world;
    this.#chance = chance;
    this.process = new SimProcess(name, world.clock, world.trace, chance.fork('crash-points'));
    this.process.onDeath = () => {
      this.#unlisten();
      this.#shell = null;
      this.#connected = false;
      this.drainLimitAt = null;
    };
    this.ownsEngine = likeness?.isOnSameMachine !== true;
    this.engine = likeness?.isOnSameMachine === true ? likeness.of.engine : this.#newEngine();
  }

  #newEngine(): SimEngine {
    return new SimEngine({
      place: { host: this.name, instanceId: this.instanceId },
      seed: this.name,
      world: this.#world,
      now: () => this.#wallNow(),
      Runtime: this.#world.broken.SimulatedHost ?? SimulatedHost,
      restartsContainers: this.#world.broken.enginesRestartContainers ?? false,
    });
  }

  get isConnected(): boolean {
    return this.#connected;
  }

  /** It has a session, as far as it knows. */
  get isServing(): boolean {
    return this.#shell?.isServing ?? false;
  }

  /** The version of the wanted set in its last heartbeat. */
  get wantedVersion(): number {
    return this.#heartbeatVersion;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Tasks that have ended, as the agent knows the log to know, and whose containers stand and are not waited for. */
  countKeptTasks(now: number): number {
    let count = 0;
    for (const { known } of this.#shell?.tasks() ?? []) {
      const { status, durableRevision, revision, retryAt, containers } = known;
      const isKept = status === 'STOPPED' && durableRevision >= revision && retryAt <= now;
      if (isKept && containers.some(({ runtimeId, removed }) => runtimeId !== null && !removed)) count += 1;
    }
    return count;
  }

  /** Starts the agent: it knows nothing but what stands in its runtime. */
  start(): void {
    if (this.isScrapped || this.process.isAlive) return;
    this.process.start();
    this.#sessionId = `${this.name}-session-${this.process.life}`;
    this.#heartbeatVersion = 0;
    this.#world.trace.note(`${this.name} starts its agent`);
    this.process.run(() => {
      this.#shell = this.#newShell();
      this.#shell.start();
    });
    this.process.after(this.#chance.between(10, 500), () => this.connect());
  }

  /** The agent's connection to NATS comes up. */
  connect(): void {
    if (this.#shell === null || this.#connected) return;
    this.#connected = true;
    this.process.run(() => this.#shell?.connectionUp());
  }

  /** The agent's connection to NATS is lost, and the agent knows it. */
  disconnect(): void {
    if (this.#shell === null || !this.#connected) return;
    this.#world.trace.note(`${this.name} loses its connection`);
    this.#connected = false;
    this.process.run(() => this.#shell?.connectionLost());
  }

  /** Power off: the agent dies with all containers. `wiped`: the disk is new, too. */
  powerOff(wiped: boolean): void {
    this.process.kill(wiped ? 'host lost with its disk' : 'host reboots');
    this.engine.powerOff(wiped);
  }

  /** The agent is to end in good order, because its machine reboots: it has its tasks moved first, for so long at most. */
  drain(limitMs: number): void {
    const { clock, trace, observer } = this.#world;
    if (!this.process.isAlive || this.drainLimitAt !== null) return;
    trace.note(`${this.name} drains for ${limitMs} ms at most`);
    const begunAt = clock.now();
    this.drainLimitAt = begunAt + limitMs;
    this.process.run(() =>
      this.#shell?.drain(limitMs, (tasksLeft) => {
        observer.drained(this, { tasksLeft, limitMs, waitedMs: clock.now() - begunAt });
        this.process.after(0, () => this.#reboot());
      }),
    );
  }

  #reboot(): void {
    this.process.kill('drained');
    this.engine.powerOff(false);
    this.#world.clock.after(this.#chance.between(...REBOOT_MS), () => this.start());
  }

  /** A directive arrives. */
  directed(directive: AgentDirective): void {
    if (this.#connected) this.process.run(() => this.#shell?.directed(directive));
  }

  #newShell(): AgentShell {
    const { parts, observer, trace } = this.#world;
    const Core = watchedCore(parts.AgentCore, { host: this, observer, trace });
    return new AgentShell({
      core: new Core({
        cluster: CLUSTER,
        instanceId: this.instanceId,
        sessionId: this.#sessionId,
        startsInFlightMax: STARTS_IN_FLIGHT_MAX,
        cleanupDelayMs: CLEANUP_DELAY_MS,
        stoppedTasksKeptMax: STOPPED_TASKS_KEPT_MAX,
      }),
      wire: this.#wire(),
      runtime: this.#runtime(),
      describe: (done) => void this.process.after(0, () => done(description(this.name, this.#sessionId, this.shape))),
      clock: clockOf(this.process, () => this.#wallNow()),
      notes: this.#notes(),
      onServing: () => {},
    });
  }

  #notes(): Notes {
    const { observer, trace } = this.#world;
    return {
      note: (_level, facts, text) => {
        const line = `${text} ${JSON.stringify(facts)}`;
        observer.notes(this, line);
        trace.note(`${this.name} notes: ${line}`);
      },
    };
  }

  #runtime(): HostRuntime {
    const { observer, trace } = this.#world;
    const { process, engine } = this;
    return {
      perform: (call, done, taskId) => {
        process.crashPoint('before a step');
        trace.note(`${this.name} ${call.call} ${taskId.slice(0, 8)}`);
        observer.calls(this, taskId, call);
        const answered = process.guarded(done);
        engine.perform(call, (result) => {
          observer.called(this, taskId, call, result);
          answered(result);
        });
        process.crashPoint('after a step was begun');
      },
      list: (done) => engine.list(process.guarded(done)),
      listen: (onEvent, onConnected) => {
        this.#unlisten = engine.listen({
          onEvent: process.guarded(onEvent),
          onConnected: process.guarded(onConnected),
        });
      },
    };
  }

  #wire(): AgentWire {
    return {
      ask: (question, requestNumber, request) => this.#ask(question, requestNumber, request),
      heartbeat: (heartbeat) => this.#heartbeat(heartbeat),
    };
  }

  /** Asks every control plane; the first answer that arrives counts, as in a NATS request. */
  #ask(question: AgentQuestion, requestNumber: number, request: object): void {
    if (question === 'report') this.process.crashPoint('before a report');
    const answered = this.process.first((body: object) => {
      if (this.#connected) this.#shell?.answered(question, requestNumber, body);
    });
    for (const there of this.#world.controlPlanes()) {
      this.#send(there, request, (received) => {
        const leaves = this.#watchAnswer(there, question, received);
        there.agents?.request(this.#address, question, received, (answer) => {
          leaves(answer);
          this.#world.network.send(there.name, this.name, answer, answered);
        });
      });
    }
  }

  /** What to call with the answer to a request that has arrived at a control plane. */
  #watchAnswer(there: SimControlPlane, question: AgentQuestion, request: object): (answer: object) => void {
    const { observer } = this.#world;
    switch (question) {
      case 'session':
      case 'drain':
        return () => {};
      case 'wanted':
        return (answer) => {
          const term = there.engine?.host.shell(CLUSTER_SHARD)?.term ?? 0;
          observer.wantedAnswered(this, answer as WantedPage | AgentRefusal, term);
        };
      case 'definitions':
        return (answer) => observer.definitionsAnswered(this, answer as DefinitionsAnswer | AgentRefusal);
      case 'report': {
        const leaves = observer.reportArrived(this, request as ReportRequest);
        return (answer) => leaves(answer as ReportAnswer | AgentRefusal);
      }
    }
  }

  #heartbeat(heartbeat: Heartbeat): void {
    const { observer } = this.#world;
    // Version 0 is that of an instance that the log does not know (any more).
    if (heartbeat.version !== 0 && heartbeat.version < this.#heartbeatVersion) {
      observer.actedOnOldTerm(this, `went back to version ${heartbeat.version} from ${this.#heartbeatVersion}`);
    }
    this.#heartbeatVersion = heartbeat.version;
    for (const there of this.#world.controlPlanes()) {
      this.#send(there, heartbeat, (received) => {
        if (there.isWriting) observer.heartbeatArrived(this, received.sessionId);
        there.agents?.heartbeat(this.#address, received);
      });
    }
  }

  #send<Message>(there: SimControlPlane, message: Message, deliver: (message: Message) => void): void {
    if (!this.#connected) return;
    this.#world.network.send(this.name, there.name, message, (received) => there.process.run(() => deliver(received)));
  }

  get #address(): AgentAddress {
    return { group: CLUSTER, host: this.instanceId };
  }

  #wallNow(): number {
    return this.#world.clock.now() + this.clockErrorMs;
  }
}
