import type { AgentAddress, AgentPlan, AnyAgentsProtocol, CommandRequest, DomainCommand } from '#libs/kernel';
import type { Committed, DomainEvent, Effect } from '#libs/kernel';
import type { Outlet } from '../engine.ts';
import type { Cancel, Clock, Ids, Notes } from '../ports.ts';
import type { ShardHost } from '../shard-host.ts';
import type { Reply, WriterShell } from '../writer-shell.ts';
import { Admission } from './admission.ts';
import { AttendedClock } from './attended-clock.ts';
import { SilenceMonitor } from './silence-monitor.ts';

/** After an outage all agents come at once; more requests of a queue than this at a time would keep all others waiting. */
const ADMITTED_PER_QUEUE_MAX = 32;
/** How often silent sessions are looked for. */
const SILENCE_INTERVAL_MS = 1_000;

/** Messages on their way to agents. */
export interface AgentsWire {
  /** Publishes a directive to the agent of a host, which may or may not receive it. */
  publish(to: AgentAddress, directive: object): void;
}

export interface AgentsEndpointOptions {
  readonly protocol: AnyAgentsProtocol;
  readonly shards: ShardHost;
  readonly wire: AgentsWire;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly notes: Notes;
}

/** Called at most once; never while this process does not write. */
export type AgentRespond = (answer: object) => void;

type Command = Extract<AgentPlan<unknown, DomainCommand>, { kind: 'command' }>;

/**
 * Where hosts' agents come in while this process writes: a request becomes a read of the writer's state or a command like
 * any other, silence becomes a command too, and directives go out after the ack, with the writer's term.
 */
export class AgentsEndpoint implements Outlet {
  readonly #options: AgentsEndpointOptions;
  readonly #time: AttendedClock;
  readonly #monitors = new Map<string, SilenceMonitor>();
  readonly #queues = new Map<string, Admission>();
  #isOpen = false;
  #cancelLook: Cancel = () => {};

  constructor(options: AgentsEndpointOptions) {
    this.#options = options;
    this.#time = new AttendedClock(() => options.clock.monotonic());
  }

  open(): void {
    this.#isOpen = true;
    this.#look();
  }

  close(): void {
    this.#isOpen = false;
    this.#cancelLook();
    this.#monitors.clear();
    // What waits there was asked of a process that no longer writes.
    this.#queues.clear();
  }

  /** Every session that the log calls connected gets the whole time to be heard of again. */
  shardOpened(shell: WriterShell): void {
    const { protocol } = this.#options;
    if (protocol.groupOf(shell.shard) === null) return;
    this.#monitors.delete(shell.shard);
    shell.inspect(
      (state) => protocol.connected(state),
      (sessions) => {
        if (sessions === null) return;
        const monitor = new SilenceMonitor(protocol.silenceMs);
        for (const session of sessions) monitor.heartbeat(session, this.#time.now());
        this.#monitors.set(shell.shard, monitor);
      },
    );
  }

  committed({ commit, effects }: Committed<DomainEvent, Effect>): void {
    if (effects.length === 0) return;
    const { protocol, wire } = this.#options;
    const group = protocol.groupOf(commit.shard);
    if (group === null) return;
    for (const { host, message } of protocol.directives(effects, commit.term)) wire.publish({ group, host }, message);
  }

  /** A request of an agent. `kind` is one of the protocol's `requests`. */
  request(from: AgentAddress, kind: string, payload: unknown, respond: AgentRespond): void {
    const request = this.#options.protocol.requests.get(kind);
    if (request === undefined || !this.#isOpen) return;
    const serve = (done: () => void): void => {
      this.#serve(from, request.plan(payload, from), (answer) => {
        done();
        if (this.#isOpen) respond(answer);
      });
    };
    if (request.queue === null) serve(() => {});
    else this.#queue(request.queue).admit(serve);
  }

  /** Never logged. An agent that is behind, fenced or taken for lost is sent what shows it. */
  heartbeat(from: AgentAddress, payload: unknown): void {
    const { protocol, wire } = this.#options;
    const shell = this.#shell(from.group);
    const heartbeat = protocol.heartbeat(payload);
    if (!this.#isOpen || shell === undefined || heartbeat === null) return;
    const { sessionId, version } = heartbeat;
    const session = { host: from.host, sessionId };
    shell.inspect(
      (state) => protocol.heard(state, from.host, heartbeat, shell.term),
      (heard) => {
        if (heard === null) return;
        const monitor = this.#monitors.get(shell.shard);
        if (heard.verdict === 'alive') monitor?.heartbeat(session, this.#time.now());
        else if (heard.verdict === 'behind') monitor?.behind(session, version, this.#time.now());
        if (heard.directive !== null) wire.publish(from, heard.directive);
      },
    );
  }

  #serve(from: AgentAddress, plan: AgentPlan<unknown, DomainCommand>, respond: AgentRespond): void {
    const { protocol } = this.#options;
    if (plan.kind === 'refused') return respond(plan.answer);
    const shell = this.#shell(from.group);
    // Not created, or its writer is being opened again: the agent asks again later.
    if (shell === undefined) return respond(protocol.absent(from.group));
    if (plan.kind === 'command') return this.#command(from, plan, shell, respond);
    shell.inspect(
      (state) => plan.read(state, shell.term),
      (answer) => respond(answer ?? protocol.unavailable),
    );
  }

  #command({ host }: AgentAddress, plan: Command, shell: WriterShell, respond: AgentRespond): void {
    this.#submit(shell, host, plan.command, (outcome) => {
      if (outcome.kind === 'accepted' && plan.opens !== undefined) {
        this.#monitors.get(shell.shard)?.heartbeat({ host, sessionId: plan.opens }, this.#time.now());
      }
      respond(plan.answer(outcome, shell.term));
    });
  }

  #look(): void {
    const now = this.#time.now();
    for (const [shard, monitor] of this.#monitors) {
      const shell = this.#options.shards.shell(shard);
      if (shell !== undefined) this.#reportSilence(shell, monitor, now);
    }
    this.#cancelLook = this.#options.clock.after(SILENCE_INTERVAL_MS, () => this.#look());
  }

  #reportSilence(shell: WriterShell, monitor: SilenceMonitor, now: number): void {
    const { protocol, notes } = this.#options;
    const { shard } = shell;
    for (const session of monitor.overdue(now)) {
      notes.note('warn', { shard, host: session.host }, 'a host has missed its heartbeats');
      this.#submit(shell, session.host, protocol.silent(session), ({ kind }) => {
        // Anything but a clear yes leaves the session on the list until the next time.
        if (kind === 'accepted') monitor.forget(session);
        else notes.note('warn', { shard, host: session.host, outcome: kind }, 'the silence was not recorded');
      });
    }
  }

  #submit(shell: WriterShell, host: string, command: DomainCommand, reply: Reply): void {
    const commandId = this.#options.ids.fresh();
    const request: CommandRequest<DomainCommand> = {
      commandId,
      command,
      principal: `agent:${host}`,
      source: 'agent',
      correlationId: commandId,
      causationId: null,
    };
    shell.submit(request, reply);
  }

  #shell(group: string): WriterShell | undefined {
    return this.#options.shards.shell(this.#options.protocol.shardOf(group));
  }

  #queue(name: string): Admission {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = new Admission(ADMITTED_PER_QUEUE_MAX);
      this.#queues.set(name, queue);
    }
    return queue;
  }
}
