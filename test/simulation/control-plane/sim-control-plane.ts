import type { AgentDirective } from '#libs/agents/protocol';
import { AgentsEndpoint, Engine } from '#libs/engine';
import type { EnginePorts, Outlet, Reply } from '#libs/engine';
import type { Witness } from '#libs/event-store';
import type { BoundedContext, CommandRequest, ContextViews, DomainCommand } from '#libs/kernel';
import type { ProductParts } from '../parts.ts';
import { CursorPort } from '../ports/cursor-port.ts';
import { JournalPort } from '../ports/journal-port.ts';
import { LeasePort } from '../ports/lease-port.ts';
import type { LeaseWorld } from '../ports/lease-port.ts';
import { PeerPort } from '../ports/peer-port.ts';
import type { Peer } from '../ports/peer-port.ts';
import { clockOf, idsOf, notesOf, witnessesOf } from '../ports/process-ports.ts';
import type { Chance } from '../world/chance.ts';
import { CLUSTER_SHARD, JOURNAL_END, LOCALE } from '../world/names.ts';
import { sha256 } from '../world/sha256.ts';
import type { JournalClient } from '../world/sim-journal.ts';
import { SimProcess } from '../world/sim-process.ts';
import type { Trace } from '../world/trace.ts';
import { watchedShell } from './watched-shell.ts';
import type { LeaseLies, WriterObserver } from './watched-shell.ts';

export interface ControlPlaneWorld extends LeaseWorld {
  readonly trace: Trace;
  readonly observer: WriterObserver;
  readonly contexts: readonly BoundedContext[];
  /** Durable positions by name, kept where the journal is. */
  readonly cursors: Map<string, number>;
  readonly leaseLies: LeaseLies;
  readonly parts: ProductParts;
  readonly peers: () => readonly Peer[];
  /** Sends a directive to the agent of an instance. */
  readonly toAgent: (from: string, instanceId: string, directive: AgentDirective) => void;
}

/** One control-plane process: the product's engine over the ports of this world. It may die at any step. */
export class SimControlPlane implements Peer {
  readonly process: SimProcess;
  readonly lease: LeasePort;
  readonly #world: ControlPlaneWorld;
  readonly #client: JournalClient;
  readonly #witnesses = new Map<string, Witness>();
  #engine: Engine | null = null;
  #agents: AgentsEndpoint | null = null;
  /** How wrong its wall clock is (ms). */
  clockErrorMs = 0;

  constructor(name: string, world: ControlPlaneWorld, chance: Chance) {
    this.#world = world;
    this.process = new SimProcess(name, world.clock, world.trace, chance.fork('crash-points'));
    this.lease = new LeasePort(this.process, world);
    this.process.onDeath = () => {
      this.#engine = null;
      this.#agents = null;
      this.lease.forget();
    };
    this.#client = {
      name,
      canSend: () => !world.network.isCut(name, JOURNAL_END),
      canHear: () => !world.network.isCut(JOURNAL_END, name),
    };
  }

  get name(): string {
    return this.process.name;
  }

  /** Null while the process is dead. */
  get engine(): Engine | null {
    return this.#engine;
  }

  /** Where agents come in; null while the process is dead. */
  get agents(): AgentsEndpoint | null {
    return this.#agents;
  }

  get isLeading(): boolean {
    return this.#engine?.host.isLeading ?? false;
  }

  /** This process writes the cluster's shard: its writer is open. */
  get isWriting(): boolean {
    return this.#engine?.host.shell(CLUSTER_SHARD)?.isLeading ?? false;
  }

  /** What this process shows readers of a context; undefined while it is dead. */
  viewsOf(context: string): ContextViews | undefined {
    return this.#engine?.contexts.find((running) => running.context.name === context)?.views;
  }

  /** Starts the process from nothing: everything it knows comes from the journal and its witness file. */
  start(): void {
    if (this.process.isAlive) return;
    this.process.start();
    this.#world.trace.note(`${this.name} starts`);
    this.process.run(() => {
      this.#engine = this.#newEngine();
      this.#engine.start(() => {});
    });
  }

  /** Ends the process in good order. */
  stop(): void {
    this.process.run(() => this.#engine?.stop(() => this.process.kill('it was stopped')));
  }

  submit(shard: string, request: CommandRequest<DomainCommand>, reply: Reply): void {
    if (this.isLeading) this.#engine?.host.submit(shard, request, reply);
  }

  #newEngine(): Engine {
    const { process } = this;
    const { contexts, journal, observer, parts, leaseLies } = this.#world;
    const ports = this.#ports();
    return new Engine({
      contexts,
      locale: LOCALE,
      holder: `${this.name}.${process.life}`,
      ports,
      authorise: () => null,
      outlets: (engine) => this.#outlets(engine, ports),
      onCommit: () => {},
      onDamaged: (error) => observer.defect(String(error)),
      Shell: watchedShell(parts.WriterShell, { process, journal, observer, leaseLies }),
    });
  }

  #ports(): EnginePorts {
    const { process } = this;
    const { network, journal, cursors, trace, observer, parts, peers } = this.#world;
    return {
      journal: parts.journalPort(new JournalPort(process, journal, this.#client), journal, process),
      lease: this.lease,
      witnesses: witnessesOf(process, this.#witnesses),
      cursors: new CursorPort(process, journal, this.#client, cursors),
      peers: new PeerPort(process, network, peers),
      clock: clockOf(process, () => process.clock.now() + this.clockErrorMs),
      ids: idsOf(process),
      notes: notesOf(process, trace, (what) => observer.defect(what)),
      sha256,
    };
  }

  /** The agents' endpoint, between two points at which the process may die. */
  #outlets({ host, contexts }: Engine, { clock, ids, notes }: EnginePorts): readonly Outlet[] {
    const { process } = this;
    const { toAgent } = this.#world;
    const protocol = contexts.map(({ context }) => context.agents(LOCALE)).find((one) => one !== null);
    if (protocol === undefined) return [];
    this.#agents = new AgentsEndpoint({
      protocol,
      shards: host,
      wire: {
        publish: (to, directive) => {
          process.crashPoint('between two effects');
          toAgent(this.name, to.host, directive as AgentDirective);
        },
      },
      clock,
      ids,
      notes,
    });
    return [
      crashingAt(process, 'after the ack, before the effects'),
      this.#agents,
      crashingAt(process, 'after the effects, before the answers'),
    ];
  }
}

function crashingAt(process: SimProcess, where: string): Outlet {
  const nothing = (): void => {};
  return { open: nothing, close: nothing, shardOpened: nothing, committed: () => process.crashPoint(where) };
}
