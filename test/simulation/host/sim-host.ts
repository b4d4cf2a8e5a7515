import type { AgentCore, AgentOutput, CallResult } from '#libs/agents/core';
import type { AgentDirective, DoorRefusal, ReportAnswer, SessionAnswer } from '#libs/agents/protocol';
import type { DefinitionsAnswer, WantedPage } from '#libs/ecs/messages';
import { steadyClock } from '#libs/agents/shell';
import type { BrokenParts, ProductParts } from '../parts.ts';
import type { SimControlPlane } from '../control-plane/sim-control-plane.ts';
import type { Chance } from '../world/chance.ts';
import type { AgentAddress } from '#libs/kernel';
import { CLUSTER, CLUSTER_SHARD } from '../world/names.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import { SimProcess } from '../world/sim-process.ts';
import type { Trace } from '../world/trace.ts';
import type { AgentObserver } from './agent-observer.ts';
import { description } from './host-shape.ts';
import type { HostShape } from './host-shape.ts';
import { SimEngine } from './sim-engine.ts';
import type { EngineWorld } from './sim-engine.ts';

const STARTS_IN_FLIGHT_MAX = 4;
/** How long agents leave ended containers where they are. */
export const CLEANUP_DELAY_MS = 60_000;

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

/** A machine: an engine that survives its agent, and the agent's process with the real AgentCore in it. */
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
  #core: AgentCore | null = null;
  #connected = false;
  #cancelWake: () => void = () => {};
  #newestTerm = 0;
  #heartbeatVersion = 0;
  #sessionId = '';
  /** The machine is gone for good. */
  isScrapped = false;
  /** How wrong the machine's wall clock is (ms). */
  clockErrorMs = 0;
  /** The agent's own, which does not jump with the machine's. */
  #now: () => number;

  constructor(name: string, shape: HostShape, world: HostWorld, chance: Chance, likeness?: Likeness) {
    this.name = name;
    this.shape = shape;
    this.instanceId = likeness?.of.instanceId ?? chance.fork('id').hex(32);
    this.#world = world;
    this.#chance = chance;
    this.#now = this.#newClock();
    this.process = new SimProcess(name, world.clock, world.trace, chance.fork('crash-points'));
    this.process.onDeath = () => {
      this.#core = null;
      this.#connected = false;
    };
    this.ownsEngine = likeness?.isOnSameMachine !== true;
    this.engine = likeness?.isOnSameMachine === true ? likeness.of.engine : this.#newEngine();
    this.engine.listen({
      onEvent: (hint) => this.input((core, now) => core.containerEvent(hint, now)),
      onConnected: () => this.input((core, now) => core.runtimeReconnected(now)),
    });
  }

  #newEngine(): SimEngine {
    return new SimEngine({
      place: { host: this.name, instanceId: this.instanceId },
      seed: this.name,
      world: this.#world,
      now: () => this.#wallNow(),
      restartsContainers: this.#world.broken.enginesRestartContainers ?? false,
    });
  }

  get isConnected(): boolean {
    return this.#connected;
  }

  /** It has a session, as far as it knows. */
  get isServing(): boolean {
    return this.#core?.isServing ?? false;
  }

  /** The version of the wanted set in its last heartbeat. */
  get wantedVersion(): number {
    return this.#heartbeatVersion;
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Starts the agent: it knows nothing but what stands in its runtime. */
  start(): void {
    if (this.isScrapped || this.process.isAlive) return;
    this.process.start();
    this.#now = this.#newClock();
    this.#sessionId = `${this.name}-session-${this.process.life}`;
    this.#newestTerm = 0;
    this.#heartbeatVersion = 0;
    this.#world.trace.note(`${this.name} starts its agent`);
    this.#core = new this.#world.parts.AgentCore({
      cluster: CLUSTER,
      instanceId: this.instanceId,
      sessionId: this.#sessionId,
      startsInFlightMax: STARTS_IN_FLIGHT_MAX,
      cleanupDelayMs: CLEANUP_DELAY_MS,
    });
    this.process.after(this.#chance.between(10, 500), () => this.connect());
    this.process.run(() => this.#pump());
  }

  /** The agent's connection to NATS comes up. */
  connect(): void {
    if (this.#core === null || this.#connected) return;
    this.#connected = true;
    this.input((core, now) => core.connectionUp(now));
  }

  /** The agent's connection to NATS is lost, and the agent knows it. */
  disconnect(): void {
    if (this.#core === null || !this.#connected) return;
    this.#world.trace.note(`${this.name} loses its connection`);
    this.#connected = false;
    this.input((core, now) => core.connectionLost(now));
  }

  /** Power off: the agent dies with all containers. `wiped`: the disk is new, too. */
  powerOff(wiped: boolean): void {
    this.process.kill(wiped ? 'host lost with its disk' : 'host reboots');
    this.engine.powerOff(wiped);
  }

  /** A directive arrives. */
  directed(directive: AgentDirective): void {
    if (!this.#connected) return;
    this.process.run(() => {
      const { term } = directive;
      const wasServing = this.isServing;
      const isOld = this.#judge(
        term,
        'tasks' in directive ? `assign ${directive.fromVersion}→${directive.toVersion}` : 'fenced',
      );
      if ('tasks' in directive) this.#core?.assign(directive, this.#now());
      else this.#core?.fenced(directive, this.#now());
      if (!('tasks' in directive) && wasServing && !this.isServing) this.#world.observer.toldFenced(this);
      if (isOld) this.#expectNothing(`a directive of term ${term}`);
      this.#pump();
    });
  }

  /** Something reaches the agent; then whatever follows from it is done. */
  input(act: (core: AgentCore, now: number) => void): void {
    this.process.run(() => {
      if (this.#core === null) return;
      act(this.#core, this.#now());
      this.#pump();
    });
  }

  #wallNow(): number {
    return this.#world.clock.now() + this.clockErrorMs;
  }

  #newClock(): () => number {
    return steadyClock({ wall: () => this.#wallNow(), monotonic: () => this.#world.clock.now() });
  }

  #pump(): void {
    const core = this.#core;
    if (core === null) return;
    for (let outputs = core.drain(); outputs.length > 0; outputs = core.drain()) {
      for (const output of outputs) this.#perform(output);
    }
    this.#cancelWake();
    const deadline = core.nextDeadline();
    if (deadline === null) return;
    this.#cancelWake = this.process.after(Math.max(1, deadline - this.#now()), () =>
      this.input((current, now) => current.tick(now)),
    );
  }

  #perform(output: AgentOutput): void {
    switch (output.kind) {
      case 'open-session':
        this.#openSession(output);
        break;
      case 'read-wanted':
        this.#readWanted(output);
        break;
      case 'read-definitions':
        this.#readDefinitions(output);
        break;
      case 'report':
        this.#report(output);
        break;
      case 'heartbeat':
        this.#heartbeat(output);
        break;
      case 'take-inventory':
        this.engine.list(
          this.process.guarded((items) =>
            this.input((core, now) => (items === null ? core.inventoryFailed(now) : core.inventory(items, now))),
          ),
        );
        break;
      case 'step':
        this.#step(output);
        break;
      case 'notice':
        this.#world.observer.notes(this, output.text);
        this.#world.trace.note(`${this.name} notes: ${output.text}`);
    }
  }

  #step({ stepId, taskId, call }: Extract<AgentOutput, { kind: 'step' }>): void {
    this.process.crashPoint('before a step');
    const { observer, trace } = this.#world;
    trace.note(`${this.name} ${call.call} ${taskId.slice(0, 8)}`);
    observer.calls(this, taskId, call);
    const answered = this.process.guarded((result: CallResult) =>
      this.input((core, now) => core.stepDone(stepId, result, now)),
    );
    this.engine.perform(call, (result) => {
      observer.called(this, taskId, call, result);
      answered(result);
    });
    this.process.crashPoint('after a step was begun');
  }

  #readWanted({ attempt, after }: Extract<AgentOutput, { kind: 'read-wanted' }>): void {
    const answered = this.process.first((answer: WantedPage | DoorRefusal) => {
      if ('error' in answer && answer.error.code === 'InstanceInactive') this.#world.observer.toldInactive(this);
      if (this.#connected) this.input((core, now) => core.wantedAnswered(attempt, answer, now));
    });
    this.#ask('wanted', { after }, answered, (answer, term) => this.#world.observer.wantedAnswered(this, answer, term));
  }

  #readDefinitions(output: Extract<AgentOutput, { kind: 'read-definitions' }>): void {
    const { requestId, taskDefinitionArns } = output;
    const answered = this.process.first((answer: DefinitionsAnswer | DoorRefusal) => {
      if (this.#connected) this.input((core, now) => core.definitionsAnswered(requestId, answer, now));
    });
    this.#ask('definitions', { taskDefinitionArns }, answered, (answer) =>
      this.#world.observer.definitionsAnswered(this, answer),
    );
  }

  /** Asks every control plane; the first answer that arrives counts. */
  #ask<Answer extends object>(
    kind: string,
    request: object,
    answered: (answer: Answer) => void,
    leaves: (answer: Answer, term: number) => void = () => {},
  ): void {
    for (const there of this.#world.controlPlanes()) {
      this.#send(there, request, (received) => {
        this.#request(there, kind, received, (answer: Answer) => {
          leaves(answer, there.engine?.host.shell(CLUSTER_SHARD)?.term ?? 0);
          this.#world.network.send(there.name, this.name, answer, answered);
        });
      });
    }
  }

  #request<Answer>(there: SimControlPlane, kind: string, payload: unknown, respond: (answer: Answer) => void): void {
    // What each kind of request is answered is the protocol's; the agent's own process reads it from the wire.
    there.agents?.request(this.#address, kind, payload, (answer) => respond(answer as Answer));
  }

  get #address(): AgentAddress {
    return { group: CLUSTER, host: this.instanceId };
  }

  #openSession({ attempt, wanted }: Extract<AgentOutput, { kind: 'open-session' }>): void {
    const request = { ...description(this.name, this.#sessionId, this.shape), wanted };
    const answered = this.process.first((answer: SessionAnswer | DoorRefusal) => {
      if (this.#connected) this.#sessionAnswered(attempt, answer);
    });
    this.#ask('session', request, answered);
  }

  #sessionAnswered(attempt: number, answer: SessionAnswer | DoorRefusal): void {
    if ('error' in answer) {
      if (answer.error.code === 'InstanceInactive') this.#world.observer.toldInactive(this);
      this.input((core, now) => core.sessionAnswered(attempt, answer, now));
      return;
    }
    this.process.run(() => {
      const isOld = this.#judge(answer.term, "a session's answer");
      this.#core?.sessionAnswered(attempt, answer, this.#now());
      if (this.isServing) this.#world.observer.serves(this);
      if (isOld) this.#expectNothing(`a session's answer of term ${answer.term}`);
      this.#pump();
    });
  }

  #report({ requestId, request }: Extract<AgentOutput, { kind: 'report' }>): void {
    const { network } = this.#world;
    this.process.crashPoint('before a report');
    const answered = this.process.first((answer: ReportAnswer | DoorRefusal) => {
      if (!this.#connected) return;
      if ('error' in answer && answer.error.code === 'SessionFenced') this.#world.observer.toldFenced(this);
      this.input((core, now) => core.reportAnswered(requestId, answer, now));
    });
    for (const there of this.#world.controlPlanes()) {
      this.#send(there, request, (received) => {
        const observed = this.#world.observer.reportArrived(this, received);
        this.#request(there, 'report', received, (answer: ReportAnswer | DoorRefusal) => {
          observed(answer);
          network.send(there.name, this.name, answer, answered);
        });
      });
    }
  }

  #heartbeat({ heartbeat }: Extract<AgentOutput, { kind: 'heartbeat' }>): void {
    // Version 0 is that of an instance that the log does not know (any more).
    if (heartbeat.version !== 0 && heartbeat.version < this.#heartbeatVersion) {
      this.#world.observer.actedOnOldTerm(
        this,
        `went back to version ${heartbeat.version} from ${this.#heartbeatVersion}`,
      );
    }
    this.#heartbeatVersion = heartbeat.version;
    for (const there of this.#world.controlPlanes()) {
      this.#send(there, heartbeat, (received) => {
        if (there.isWriting) this.#world.observer.heartbeatArrived(this, received.sessionId);
        there.agents?.heartbeat(this.#address, received);
      });
    }
  }

  #send<Message>(there: SimControlPlane, message: Message, deliver: (message: Message) => void): void {
    if (!this.#connected) return;
    this.#world.network.send(this.name, there.name, message, (received) => there.process.run(() => deliver(received)));
  }

  /** Whether a message is of an older term than one that reached this agent process. What is due anyway is done first. */
  #judge(term: number, what: string): boolean {
    if (term >= this.#newestTerm) {
      this.#newestTerm = term;
      return false;
    }
    this.#world.trace.note(`${this.name} receives ${what} of term ${term}, having seen ${this.#newestTerm}`);
    this.#core?.tick(this.#now());
    this.#pump();
    return true;
  }

  /** After a message of an old term nothing may follow that was not due without it. */
  #expectNothing(message: string): void {
    for (const output of this.#core?.drain() ?? []) {
      if (output.kind === 'step') this.#world.observer.actedOnOldTerm(this, `${output.call.call} after ${message}`);
      this.#perform(output);
    }
  }
}
