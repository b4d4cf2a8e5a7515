import type { AssignMessage } from '#libs/agents/protocol';
import type {
  AccountCommand,
  AccountEvent,
  ClusterCommand,
  ClusterEffect,
  ClusterEvent,
  Rejection,
} from '#libs/ecs/messages';
import { arns } from '#libs/ecs/messages';
import type { AccountDecider, ClusterDecider } from '#libs/ecs/deciders';
import { checkWitness, newerWitness } from '#libs/event-store';
import type { Witness } from '#libs/event-store';
import type { ChainHead, CommandAnswer, CommandRequest, Committed, DomainEvent, Effect } from '#libs/kernel';
import type { ViewDirectory } from '#libs/ecs/views';
import type { BrokenParts, ProductParts } from '../parts.ts';
import type { Chance } from '../world/chance.ts';
import { ACCOUNT_SHARD, CLUSTER, CLUSTER_SHARD, JOURNAL_END, LOCALE } from '../world/names.ts';
import type { JournalClient, SimJournal } from '../world/sim-journal.ts';
import type { SimLease } from '../world/sim-lease.ts';
import type { SimNetwork } from '../world/sim-network.ts';
import { SimProcess } from '../world/sim-process.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';
import { SimAgentDoor } from './sim-agent-door.ts';
import { SimCommitFeed } from './sim-commit-feed.ts';
import { SimLeaseCampaign } from './sim-lease-campaign.ts';
import { SimShardHost } from './sim-shard-host.ts';
import type { SimCommitListener } from './sim-shard-host.ts';
import type { ShellSurroundings } from './sim-writer-shell.ts';

/** How long the writers go on without a lease, as in the product. */
const LEASE_DOUBT_MS = 5_000;

/** A command on its way from a caller or another process. */
export type ShardCommand =
  | { readonly shard: 'account'; readonly envelope: CommandRequest<AccountCommand> }
  | { readonly shard: 'cluster'; readonly envelope: CommandRequest<ClusterCommand> };

/** What the world outside sees of a control plane, for those who check it. */
export interface ControlPlaneObserver {
  /** A writer takes this commit as durable: from here on the world is told. */
  committed(committed: Committed<DomainEvent, Effect>): void;
  /** A writer is given a command; it is known by its id, because a term may be tried more than once. */
  submitted(command: ShardCommand, writerId: string): void;
  /** An answer leaves that is true as of `revision`; the log was at `revisionAsked` when the command came. */
  answeredAsOf(command: ShardCommand, revision: number, revisionAsked: number): void;
  /** Its answer leaves. */
  answered(command: ShardCommand, answer: CommandAnswer<Rejection>, writerId: string): void;
  /** A writer sends a commit to the journal. */
  appended(writerId: string, hash: string): void;
  defect(what: string): void;
}

export interface ControlPlaneWorld {
  readonly clock: VirtualClock;
  readonly network: SimNetwork;
  readonly journal: SimJournal;
  readonly lease: SimLease;
  readonly trace: Trace;
  readonly observer: ControlPlaneObserver;
  readonly deciders: { readonly account: AccountDecider; readonly cluster: ClusterDecider };
  readonly parts: ProductParts;
  readonly broken: BrokenParts;
  /** Sends a directive to the agent of an instance. */
  readonly toAgent: (from: string, instanceId: string, message: AssignMessage) => void;
}

/** One control-plane process: the lease, and while it is held the writers, the agents' door and the monitor; always the views. */
export class SimControlPlane implements SimCommitListener {
  readonly process: SimProcess;
  readonly #world: ControlPlaneWorld;
  readonly #client: JournalClient;
  readonly #witnesses = new Map<string, Witness>();
  #views: ViewDirectory;
  #feed: SimCommitFeed | null = null;
  #host: SimShardHost | null = null;
  #door: SimAgentDoor | null = null;
  #freshIds = 0;
  /** How wrong its wall clock is (ms). */
  clockErrorMs = 0;
  readonly lease: SimLeaseCampaign;
  #cancelDoubt: () => void = () => {};

  constructor(name: string, world: ControlPlaneWorld, chance: Chance) {
    this.#world = world;
    this.#views = new world.parts.ViewDirectory(LOCALE);
    this.process = new SimProcess(name, world.clock, world.trace, chance.fork('crash-points'));
    this.process.onDeath = () => this.#died();
    this.lease = new SimLeaseCampaign({
      process: this.process,
      world,
      onAcquired: () => this.#leaseAcquired(),
      onLost: (reason) => this.#leaseLost(reason),
    });
    this.#client = {
      name,
      canSend: () => !world.network.isCut(name, JOURNAL_END),
      canHear: () => !world.network.isCut(JOURNAL_END, name),
    };
  }

  get name(): string {
    return this.process.name;
  }

  get isLeading(): boolean {
    return this.#host?.isLeading ?? false;
  }

  /** This process writes the cluster's shard: its writer is open. */
  get isWriting(): boolean {
    return this.process.isAlive && this.#host?.cluster?.isLeading === true;
  }

  get views(): ViewDirectory {
    return this.#views;
  }

  /** Its writers, as far as it has any. */
  get host(): SimShardHost | null {
    return this.#host;
  }

  wallClock(): number {
    return this.#world.clock.now() + this.clockErrorMs;
  }

  /** Starts the process from nothing: everything it knows comes from the journal and its witness file. */
  start(): void {
    const { trace, journal } = this.#world;
    if (this.process.isAlive) return;
    this.process.start();
    trace.note(`${this.name} starts`);
    this.process.run(() => {
      const surroundings: ShellSurroundings = {
        process: this.process,
        journal,
        client: this.#client,
        parts: this.#world.parts,
        wallClock: () => this.wallClock(),
        freshId: () => `${this.name}-${this.process.life}-${++this.#freshIds}`,
        isSure: () => this.lease.isHeld || this.#world.broken.writersNeverConfirm === true,
        onAppend: (writerId, hash) => this.#world.observer.appended(writerId, hash),
        answersBeforeTheAck: this.#world.broken.writerAnswersBeforeTheAck ?? false,
      };
      const holder = `${this.name}.${this.process.life}`;
      this.#views = new this.#world.parts.ViewDirectory(LOCALE);
      this.#feed = new SimCommitFeed(this.process, journal, (commit) => {
        if (this.#views.apply(commit) === 'halted') {
          this.#world.observer.defect(`a view has stopped: ${JSON.stringify(this.#views.halted)}`);
        }
      });
      this.#host = new SimShardHost({
        holder,
        world: surroundings,
        deciders: this.#world.deciders,
        listener: this,
        trace,
      });
      this.#door = new SimAgentDoor({
        world: surroundings,
        host: this.#host,
        assign: (instanceId, message) => this.#assign(instanceId, message),
      });
      this.#feed.start();
      this.lease.start(holder);
    });
  }

  /** A request that arrives for this process, from an agent. */
  get door(): SimAgentDoor | null {
    return this.#door;
  }

  /** A command for whoever writes: answered only if that is this process. */
  command(command: ShardCommand, respond: (answer: CommandAnswer<Rejection>) => void): void {
    const host = this.#host;
    if (host === null || !host.isLeading) return;
    const { observer, journal } = this.#world;
    const writerId = (command.shard === 'account' ? host.account : host.cluster)?.writerId ?? 'nobody';
    const revisionAsked = journal.head(command.shard === 'account' ? ACCOUNT_SHARD : CLUSTER_SHARD)?.revision ?? 0;
    observer.submitted(command, writerId);
    const reply = (answer: CommandAnswer<Rejection>): void => {
      observer.answered(command, answer, writerId);
      if (answer.kind === 'accepted' || answer.kind === 'rejected')
        observer.answeredAsOf(command, answer.revision, revisionAsked);
      respond(answer);
    };
    if (command.shard === 'account') host.submitToAccount(command.envelope, reply);
    else host.submitToCluster(command.envelope, reply);
  }

  onClusterCommit(committed: Committed<ClusterEvent, ClusterEffect>, isLive: boolean): void {
    if (!isLive) return this.#recorded(committed);
    this.#world.observer.committed(committed);
    this.process.crashPoint('after the ack, before the views');
    this.#recorded(committed);
    this.process.crashPoint('after the ack, before the effects');
    this.#door?.publish(committed.effects, committed.encoded.term);
    this.process.crashPoint('after the effects, before the answers');
  }

  onAccountCommit(committed: Committed<AccountEvent, never>, isLive: boolean): void {
    if (isLive) this.#world.observer.committed(committed);
    this.#recorded(committed);
  }

  onClusterOpened(): void {
    this.#door?.watch();
    this.#host?.cluster?.inspect(
      (state) => state.status,
      (status) => {
        if (status === 'NONE') this.#createCluster();
      },
    );
  }

  onDefect(what: string): void {
    this.#world.observer.defect(what);
  }

  checkHead(shard: string, head: ChainHead): void {
    checkWitness(this.#witnesses.get(shard) ?? null, head, null);
  }

  #recorded({ commit }: Committed<DomainEvent, Effect>): void {
    this.#feed?.accept(commit);
    const { shard, revision, hash, term } = commit;
    this.#witnesses.set(shard, newerWitness(this.#witnesses.get(shard), { shard, revision, hash, term }));
  }

  #assign(instanceId: string, message: AssignMessage): void {
    this.process.crashPoint('between two effects');
    this.#world.toAgent(this.name, instanceId, message);
  }

  /** ECS has a cluster named `default` before anybody asks. */
  #createCluster(): void {
    this.#freshIds += 1;
    const commandId = `${this.name}-${this.process.life}-setup-${this.#freshIds}`;
    this.#host?.submitToCluster(
      {
        commandId,
        command: { type: 'CreateCluster', clusterName: CLUSTER, clusterArn: arns.cluster(LOCALE, CLUSTER) },
        principal: 'system:setup',
        source: 'writer',
        correlationId: commandId,
        causationId: null,
      },
      () => {},
    );
  }

  /** Held, in doubt for a moment, held again: the writers have never stopped. */
  #leaseAcquired(): void {
    this.#cancelDoubt();
    if (this.isLeading && this.#host?.allOpen === true) {
      this.#host.holdOn(true);
      return;
    }
    this.#world.trace.note(`${this.name} has the lease`);
    this.#host?.standDown('the shards are opened again');
    this.#host?.lead();
  }

  /** The writers go on for a while without the lease: the log keeps two of them apart. */
  #leaseLost(reason: string): void {
    if (!this.isLeading) return;
    this.#world.trace.note(`${this.name} is in doubt about its lease: ${reason}`);
    this.#host?.holdOn(false);
    this.#cancelDoubt();
    this.#cancelDoubt = this.process.after(LEASE_DOUBT_MS, () => {
      this.#world.trace.note(`${this.name} stands down: ${reason}`);
      this.#host?.standDown(reason);
    });
  }

  #died(): void {
    this.#feed?.close();
    this.#feed = null;
    this.#host = null;
    this.#door = null;
    this.lease.forget();
  }
}
