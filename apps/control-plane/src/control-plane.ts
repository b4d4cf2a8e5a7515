import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { KV } from '@nats-io/kv';
import { accountShard, arns, clusterShard, parseShard } from '#libs/ecs/messages';
import type { AccountEvent, ClusterEffect, ClusterEvent } from '#libs/ecs/messages';
import type { Locale, Commit, Committed, DomainEvent, Effect } from '#libs/kernel';
import type { EventStore, WitnessStore } from '#libs/event-store';
import { DEFAULT_CLUSTER_NAME, EcsPublicEvents, ViewDirectory } from '#libs/ecs/views';
import type { Logger } from 'pino';
import { AgentDoor } from './agents/agent-door.ts';
import { fingerprintOf, writtenShards } from './audit/state-hash.ts';
import type { ShardFingerprint } from './audit/state-hash.ts';
import { PublicEventPublisher } from './feed/public-event-publisher.ts';
import { OperationRunner } from './gateway/operation.ts';
import type { Metrics } from './health/metrics.ts';
import type { Campaign, Leases } from './lease/lease-thread.ts';
import { RoutingShardDoor, ShardCommandListener } from './shards/shard-door.ts';
import { ShardHost } from './shards/shard-host.ts';
import type { CommitListener } from './shards/shard-host.ts';
import { WitnessKeeper } from './shards/witness-keeper.ts';
import { CommitFeed } from './views/commit-feed.ts';

/** How long the writers go on without a lease, in the hope of getting it back. */
const LEASE_DOUBT_MS = 5_000;

/** What this process can do just now. */
export interface Readiness {
  readonly ready: boolean;
  readonly viewsCaughtUp: boolean;
  /** Commits of other writers arrive. */
  readonly journalReadable: boolean;
  /** The lease is held, and every shard has a writer whose term is in the log. */
  readonly writing: boolean;
  readonly haltedViews: readonly string[];
  /** Shards whose log cannot be folded; the others go on. */
  readonly haltedShards: readonly string[];
}

export interface ControlPlaneOptions {
  /** The control plane's own side: other control planes, directives and events. */
  readonly nc: NatsConnection;
  /** Where the requests of agents come in. */
  readonly gateway: NatsConnection;
  readonly store: EventStore;
  readonly leases: Leases;
  readonly cursors: KV;
  readonly witnesses: WitnessStore;
  readonly locale: Locale;
  readonly metrics: Metrics;
  /** Whether public events also go out as structured CloudEvents. */
  readonly structuredCloudEvents: boolean;
  readonly log: Logger;
  /** Nothing can be served any more: the process has to end. */
  readonly onFatal: (error: Error) => void;
}

/**
 * Everything of the control plane that is not a door: views that follow the journal, and, while this process holds the
 * lease, the writers, the agents' door and the public events.
 */
export class ControlPlane implements CommitListener {
  readonly runner: OperationRunner;
  readonly #options: ControlPlaneOptions;
  readonly #holder = randomUUID();
  readonly #views: ViewDirectory;
  readonly #feed: CommitFeed;
  readonly #host: ShardHost;
  readonly #agents: AgentDoor;
  readonly #publisher: PublicEventPublisher;
  readonly #commandListener: ShardCommandListener;
  readonly #witness: WitnessKeeper;
  #turn: Promise<void> = Promise.resolve();
  #campaign: Campaign | null = null;
  #doubt: NodeJS.Timeout | undefined;
  #serving = false;

  constructor(options: ControlPlaneOptions) {
    const { nc, gateway, store, witnesses, cursors, locale, log, onFatal } = options;
    this.#options = options;
    this.#views = new ViewDirectory(locale);
    this.#feed = new CommitFeed(store, (commit, position) => this.#onCommit(commit, position), log, onFatal);
    const holder = this.#holder;
    this.#host = new ShardHost({ account: locale.account, holder, store, witnesses, listener: this, log });
    this.#agents = new AgentDoor({ nc, gateway, host: this.#host, locale, log });
    this.#publisher = new PublicEventPublisher({
      nc,
      cursors,
      store,
      sources: [new EcsPublicEvents(this.#views)],
      structuredCopies: options.structuredCloudEvents,
      log,
    });
    this.#witness = new WitnessKeeper(witnesses, log);
    this.#commandListener = new ShardCommandListener(nc, this.#host, log);
    const door = new RoutingShardDoor(nc, this.#host, locale.account);
    this.runner = new OperationRunner({ views: this.#views, door, feed: this.#feed });
  }

  get shells(): readonly { readonly shard: string; readonly queueLength: number }[] {
    return this.#host.shells;
  }

  /** Reads the journal to its head, then runs for the lease. Resolves when the views have caught up. @throws JournalDamaged */
  async start(): Promise<void> {
    await this.#feed.start();
    this.#commandListener.open();
    this.#campaign = this.#options.leases.campaign(accountShard(this.#options.locale.account), this.#holder, {
      onAcquired: () => this.#leaseAcquired(),
      onLost: (reason) => this.#leaseLost(reason),
    });
  }

  /** Stops writing first, then everything else; the lease is free at once for the next process. */
  async stop(): Promise<void> {
    clearTimeout(this.#doubt);
    this.#commandListener.close();
    this.#takeTurn(() => this.#standDown('the process ends'));
    await this.#turn;
    await this.#campaign?.resign();
    await this.#feed.close();
  }

  readiness(): Readiness {
    const haltedViews = this.#views.halted.map(({ shard }) => shard);
    const { haltedShards } = this.#host;
    const viewsCaughtUp = this.#feed.isCaughtUp;
    const journalReadable = this.#feed.isFollowing;
    // Asked of the clock each time: a process that was frozen must not call itself the writer when it thaws.
    const writing = this.#serving && this.#campaign?.held === true && this.#host.allWriting;
    const ready = viewsCaughtUp && journalReadable && writing && haltedViews.length + haltedShards.length === 0;
    return { ready, viewsCaughtUp, journalReadable, writing, haltedViews, haltedShards };
  }

  shards(): readonly string[] {
    return writtenShards(this.#host, this.#options.locale.account);
  }

  fingerprint(shard: string): Promise<ShardFingerprint | undefined> {
    return fingerprintOf(shard, { host: this.#host, views: this.#views, feed: this.#feed });
  }

  onClusterCommit(shard: string, committed: Committed<ClusterEvent, ClusterEffect>): void {
    this.#recorded(committed);
    const cluster = parseShard(shard)?.cluster ?? null;
    // Read while opening: what followed from these was told long ago, and agents ask again by themselves.
    if (cluster !== null) this.#agents.publish(cluster, committed.effects, committed.encoded.term);
  }

  onAccountCommit(_shard: string, committed: Committed<AccountEvent, never>): void {
    this.#recorded(committed);
  }

  onClusterOpened(cluster: string): void {
    this.#agents
      .watch(cluster)
      .catch((error: unknown) => this.#options.log.error({ err: error, cluster }, 'the instances are not watched'));
  }

  onShardHalted(shard: string, error: Error): void {
    this.#options.log.fatal({ shard, err: error }, 'the log of a shard cannot be folded; its writer stays closed');
  }

  onFatal(error: Error): void {
    this.#options.onFatal(error);
  }

  #recorded(committed: Committed<DomainEvent, Effect>): void {
    const { commit, streamRevision } = committed;
    this.#witness.note(commit.shard, commit);
    this.#feed.accept(commit, streamRevision);
    this.#options.metrics.commits.inc({ shard: commit.shard });
    const events = commit.decisions.reduce((sum, decision) => sum + decision.events.length, 0);
    this.#options.metrics.events.inc({ shard: commit.shard }, events);
  }

  #onCommit(commit: Commit<DomainEvent>, streamRevision: number): void {
    this.#witness.observe(commit.shard, commit);
    if (this.#views.apply(commit) === 'halted') {
      const halted = this.#views.halted.find(({ shard }) => shard === commit.shard);
      this.#options.log.fatal({ ...halted }, 'a view has stopped at an event that it cannot fold');
    }
    this.#publisher.onCommit(commit, streamRevision);
  }

  #leaseAcquired(): void {
    clearTimeout(this.#doubt);
    // Held, in doubt for a moment, held again: the writers have never stopped.
    this.#takeTurn(() =>
      this.#serving && this.#host.allOpen ? Promise.resolve(this.#host.holdOn(true)) : this.#restart(),
    );
  }

  /**
   * A lease that was not renewed in time says that this process or the broker was slow, not that another one writes. The
   * log keeps two writers apart in any case, so there is no need to throw the writers away at once.
   */
  #leaseLost(reason: string): void {
    this.#host.holdOn(false);
    this.#options.log.warn({ reason }, 'the lease is in doubt');
    this.#doubt = setTimeout(() => this.#takeTurn(() => this.#standDown(reason)), LEASE_DOUBT_MS);
  }

  async #restart(): Promise<void> {
    await this.#standDown('the shards are opened again');
    await this.#lead();
  }

  /** Lease changes are handled one after the other. */
  #takeTurn(act: () => Promise<void>): void {
    this.#turn = this.#turn.then(act).catch((error: unknown) => {
      this.#options.onFatal(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async #lead(): Promise<void> {
    await this.#host.lead();
    await this.#ensureDefaultCluster();
    // Open only while this process writes: an agent that finds nobody is told so at once and tries again.
    this.#agents.open();
    await this.#publisher.activate();
    this.#serving = true;
    this.#options.log.info({ shards: this.shards().length }, 'this process writes');
  }

  async #standDown(reason: string): Promise<void> {
    if (!this.#host.isLeading) return;
    this.#serving = false;
    this.#agents.close();
    this.#host.standDown(reason);
    await this.#witness.flush();
    await this.#publisher.deactivate();
    this.#options.log.info({ reason }, 'this process has stopped writing');
  }

  /** ECS has a cluster named `default` before anybody asks; so has Waybill. One that was deleted stays deleted. */
  async #ensureDefaultCluster(): Promise<void> {
    const { locale } = this.#options;
    const shard = clusterShard(locale.account, DEFAULT_CLUSTER_NAME);
    if (this.#feed.revisionOf(shard) > 0) return;
    const commandId = randomUUID();
    const answer = await this.#host.submitToCluster(DEFAULT_CLUSTER_NAME, shard, {
      commandId,
      command: {
        type: 'CreateCluster',
        clusterName: DEFAULT_CLUSTER_NAME,
        clusterArn: arns.cluster(locale, DEFAULT_CLUSTER_NAME),
      },
      principal: 'system:setup',
      source: 'writer',
      correlationId: commandId,
      causationId: null,
    });
    if (answer.kind !== 'accepted')
      throw new Error(`the default cluster could not be created: ${JSON.stringify(answer)}`);
    await this.#feed.reached(shard, answer.revision);
  }
}
