import { AgentCore } from '#libs/agents/core';
import { AgentShell } from '#libs/agents/shell';
import type { AgentQuestion } from '#libs/agents/shell';
import { SimulatedHost } from '#libs/container-runtime';
import { clusterDecider } from '#libs/ecs/deciders';
import type { ClusterState } from '#libs/ecs/deciders';
import { arns, clusterShard } from '#libs/ecs/messages';
import type { ClusterCommand, ClusterEffect, ClusterEvent, TaskStateChanged } from '#libs/ecs/messages';
import { clusterAgents, schedulerSaga } from '#libs/ecs/reconcile';
import { decideWhole } from '#libs/kernel';
import type { Clock, Locale } from '#libs/kernel';
import { VirtualClock } from '../simulation/world/virtual-clock.ts';

const LOCALE: Locale = { region: 'us-east-1', account: '123456789012' };
const CLUSTER = 'blue';
const HOST = 'host';
const SESSION = 'session-1';
const TERM = 1;

/**
 * A cluster's state machine and one agent with a simulated host: what each sends the other is read by the product's own
 * code. There is no wire between them and no log: what they agree on is the subject.
 */
export class OneHost {
  readonly #clock = new VirtualClock(1_000_000);
  readonly #decider = clusterDecider({ sagas: [schedulerSaga] });
  readonly #agents = clusterAgents(LOCALE);
  readonly #shell: AgentShell;
  readonly events: ClusterEvent[] = [];
  readonly state: ClusterState;
  #commands = 0;

  constructor() {
    this.state = this.#decider.initialState(clusterShard(LOCALE.account, CLUSTER));
    this.submit({ type: 'CreateCluster', clusterName: CLUSTER, clusterArn: arns.cluster(LOCALE, CLUSTER) });
    const clock: Clock = {
      wall: () => this.#clock.now(),
      monotonic: () => this.#clock.now(),
      after: (delayMs, act) => this.#clock.after(delayMs, act),
      soon: (act) => void this.#clock.after(0, act),
    };
    const host = new SimulatedHost({ clock, seed: 'one-host', delays: { other: [10, 10] } });
    this.#shell = new AgentShell({
      core: new AgentCore({ cluster: CLUSTER, instanceId: HOST, sessionId: SESSION, startsInFlightMax: 2 }),
      clock,
      wire: { ask: (question, number, request) => this.#answer(question, number, request), heartbeat: () => {} },
      runtime: {
        perform: (call, done) => host.perform(call, done),
        list: (done) => host.list(done),
        listen: (onEvent, onConnected) => host.listen(onEvent, onConnected),
      },
      describe: (done) =>
        done({
          sessionId: SESSION,
          resources: { cpu: 4_096, memory: 4_096, reservedTcpPorts: [], reservedUdpPorts: [] },
          attributes: [],
          versionInfo: { agentVersion: '1.0.0', dockerVersion: '1' },
          hostname: HOST,
        }),
      notes: {
        note: (level, _facts, text) => {
          if (level === 'warn' || level === 'error') throw new Error(text);
        },
      },
      onServing: () => {},
    });
    this.#shell.start();
    this.#shell.connectionUp();
    this.elapse(1);
  }

  /** @throws when the command is refused */
  submit(command: ClusterCommand): readonly ClusterEvent[] {
    const outcome = this.#decide(command);
    if (outcome.kind === 'rejected') throw new Error(`${command.type}: ${outcome.rejection.message}`);
    return outcome.events;
  }

  elapse(seconds: number): void {
    const end = this.#clock.now() + seconds * 1_000;
    // The clock stands still where nothing is due.
    this.#clock.after(seconds * 1_000, () => {});
    while ((this.#clock.next() ?? Infinity) <= end) this.#clock.step();
  }

  /** What the log has of a task, in its order. */
  changesOf(taskId: string): readonly TaskStateChanged[] {
    return this.events.filter((event) => event.type === 'TaskStateChanged').filter((event) => event.taskId === taskId);
  }

  /** What its agent wants of a task. */
  wanted(taskId: string) {
    return this.#shell.task(taskId)?.wanted;
  }

  #decide(command: ClusterCommand) {
    this.#commands += 1;
    const commandId = `command-${this.#commands}`;
    const at = this.#clock.now();
    const outcome = decideWhole(
      this.#decider,
      this.state,
      {
        commandId,
        command,
        principal: arns.root(LOCALE),
        source: 'aws',
        correlationId: commandId,
        causationId: null,
        at,
      },
      at,
    );
    if (outcome.kind === 'rejected') return outcome;
    this.events.push(...outcome.events);
    this.#send(outcome.effects);
    return outcome;
  }

  #send(effects: readonly ClusterEffect[]): void {
    for (const { message } of this.#agents.directives(effects, TERM)) {
      this.#clock.after(0, () => this.#shell.directed(copied(message)));
    }
  }

  #answer(question: AgentQuestion, requestNumber: number, request: object): void {
    this.#clock.after(0, () => {
      const plan = this.#agents.requests.get(question)?.plan(copied(request), { group: CLUSTER, host: HOST });
      if (plan === undefined || plan.kind === 'refused') throw new Error(`the question ${question} is refused`);
      const answer =
        plan.kind === 'read' ? plan.read(this.state, TERM) : plan.answer(this.#outcomeOf(plan.command), TERM);
      this.#shell.answered(question, requestNumber, copied(answer));
    });
  }

  #outcomeOf(command: ClusterCommand) {
    const outcome = this.#decide(command);
    const revision = this.#commands;
    return outcome.kind === 'rejected'
      ? { ...outcome, revision }
      : { kind: 'accepted' as const, revision, answer: outcome.answer };
  }
}

/** As it comes out of a message. */
function copied(payload: object): object {
  return JSON.parse(JSON.stringify(payload)) as object;
}
