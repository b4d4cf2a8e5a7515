import type {
  AccountCommand,
  AccountEvent,
  ClusterCommand,
  ClusterEffect,
  ClusterEvent,
  Rejection,
} from '#libs/ecs/messages';
import { accountShard, clusterShard, parseShard } from '#libs/ecs/messages';
import { accountDecider, clusterDecider } from '#libs/ecs/deciders';
import type { AccountState, ClusterState } from '#libs/ecs/deciders';
import { WitnessContradicted } from '#libs/event-store';
import type { EventStore, WitnessStore } from '#libs/event-store';
import { decideWhole } from '#libs/kernel';
import type { CommandAnswer, CommandRequest, Committed } from '#libs/kernel';
import { deregistrationSaga, schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import type { Logger } from 'pino';
import { isDamage } from '../health/journal-damage.ts';
import { WriterShell } from './writer-shell.ts';

type ClusterShell = WriterShell<ClusterState, ClusterCommand, ClusterEvent, Rejection, ClusterEffect>;
type AccountShell = WriterShell<AccountState, AccountCommand, AccountEvent, Rejection, never>;

/** A shard that stepped down is opened again after this pause, doubling up to the maximum while it fails. */
const REOPEN_PAUSE_MS_MIN = 100;
const REOPEN_PAUSE_MS_MAX = 5_000;

const CLUSTER_DECIDER = clusterDecider({ sagas: [deregistrationSaga, schedulerSaga, serviceControllerSaga] });

/** Who hears of durable commits of this process's shards. */
export interface CommitListener {
  onClusterCommit(shard: string, committed: Committed<ClusterEvent, ClusterEffect>): void;
  onAccountCommit(shard: string, committed: Committed<AccountEvent, never>): void;
  /** A cluster's writer is open: full truth, new term. */
  onClusterOpened(cluster: string, term: number): void;
  /** The log of a cluster's shard cannot be folded: it gets no writer, and the other shards go on. */
  onShardHalted(shard: string, error: Error): void;
  /** What is acknowledged is not in the log any more: no shard may be written. */
  onFatal(error: Error): void;
}

/**
 * Holds the writers of all shards of one account while this process has the lease. Shards are found in the journal; a
 * new cluster's shard is opened by the command that creates the cluster. A writer that steps down is opened again from
 * the log.
 */
export class ShardHost {
  readonly #account: string;
  readonly #holder: string;
  readonly #store: EventStore;
  readonly #witnesses: WitnessStore;
  readonly #listener: CommitListener;
  readonly #log: Logger;
  readonly #clusters = new Map<string, ClusterShell>();
  readonly #opening = new Map<string, Promise<void>>();
  /** Clusters whose shard has a log, open or not. */
  readonly #recorded = new Set<string>();
  #accountShell: AccountShell | null = null;
  /** Shards whose log cannot be folded. */
  readonly #halted = new Set<string>();
  #leading = false;
  #mayReopen = true;

  constructor(options: {
    account: string;
    holder: string;
    store: EventStore;
    witnesses: WitnessStore;
    listener: CommitListener;
    log: Logger;
  }) {
    this.#account = options.account;
    this.#holder = options.holder;
    this.#store = options.store;
    this.#witnesses = options.witnesses;
    this.#listener = options.listener;
    this.#log = options.log;
  }

  /** Whether this process writes (the lease is held and the shards are open or opening). */
  get isLeading(): boolean {
    return this.#leading;
  }

  get shells(): readonly (ClusterShell | AccountShell)[] {
    return this.#accountShell === null
      ? [...this.#clusters.values()]
      : [this.#accountShell, ...this.#clusters.values()];
  }

  /** Opens every shard of the account. Called when the lease was acquired. @throws StoreUnavailable, CommitRefused */
  async lead(): Promise<void> {
    this.#leading = true;
    this.#mayReopen = true;
    this.#halted.clear();
    await this.#openAccount();
    for (const shard of await this.#store.shards()) {
      const parsed = parseShard(shard);
      if (parsed?.account !== this.#account || parsed.cluster === null) continue;
      this.#recorded.add(parsed.cluster);
      await this.#openCluster(parsed.cluster, shard).catch((error: unknown) => this.#halt(shard, error));
    }
  }

  /** @throws what is no fault of this shard alone */
  #halt(shard: string, error: unknown): void {
    if (!isDamage(error) || error instanceof WitnessContradicted) throw error;
    this.#halted.add(shard);
    this.#listener.onShardHalted(shard, error);
  }

  /**
   * The lease is in doubt: the writers go on, since the log decides, but one that steps down is not opened again, or two
   * processes would take the shard from each other in turns.
   */
  holdOn(leaseIsHeld: boolean): void {
    this.#mayReopen = leaseIsHeld;
  }

  /** Stops every writer. Called when the lease is lost or the process ends. */
  standDown(reason: string): void {
    this.#leading = false;
    for (const shell of this.shells) shell.stop(reason);
    this.#clusters.clear();
    this.#accountShell = null;
  }

  submitToAccount(request: CommandRequest<AccountCommand>): Promise<CommandAnswer<Rejection>> {
    return this.#accountShell?.submit(request) ?? unavailable('this process does not write the account shard now');
  }

  /**
   * Only a command that creates a cluster opens a shard without a log, and only one that is accepted: what is refused
   * leaves nothing, no shard and no term.
   */
  async submitToCluster(
    cluster: string,
    shard: string,
    request: CommandRequest<ClusterCommand>,
  ): Promise<CommandAnswer<Rejection>> {
    if (!this.#leading || shard !== clusterShard(this.#account, cluster)) return notWritten(shard);
    if (!this.#clusters.has(cluster) && request.command.type === 'CreateCluster') {
      const refusal = this.#recorded.has(cluster) ? null : refusalOfFirst(shard, request);
      if (refusal !== null) return refusal;
      await this.#openCluster(cluster, shard);
    }
    return this.#clusters.get(cluster)?.submit(request) ?? unavailable(`${shard} is not open here`);
  }

  cluster(name: string): ClusterShell | undefined {
    return this.#clusters.get(name);
  }

  /** Shards without a writer, because their log cannot be folded. */
  get haltedShards(): readonly string[] {
    return [...this.#halted];
  }

  /** Every shard has a writer whose term is in the log: what it decided can be recorded. */
  get allWriting(): boolean {
    const everyClusterIsOpen = this.#clusters.size + this.#halted.size >= this.#recorded.size;
    return this.#accountShell !== null && everyClusterIsOpen && this.shells.every((shell) => shell.isWriting);
  }

  /** Every shard that this process opened has a writer that leads. */
  get allOpen(): boolean {
    return this.#accountShell !== null && this.shells.every((shell) => shell.isLeading);
  }

  async #openAccount(): Promise<void> {
    const shard = accountShard(this.#account);
    const shell: AccountShell = new WriterShell(shard, accountDecider(), this.#store, {
      onCommitted: (committed) => this.#listener.onAccountCommit(shard, committed),
      onStepDown: (_, reason) => this.#reopen(shard, reason, shell, () => this.#openAccount()),
    });
    await shell.open(this.#holder, this.#witnesses);
    this.#accountShell = shell;
  }

  #openCluster(cluster: string, shard: string): Promise<void> {
    const running = this.#opening.get(cluster);
    if (running !== undefined) return running;
    // Reopened by a CreateCluster meanwhile: a second writer of the same process would fight the first one.
    if (this.#clusters.has(cluster)) return Promise.resolve();
    const opening = this.#openClusterNow(cluster, shard).finally(() => this.#opening.delete(cluster));
    this.#opening.set(cluster, opening);
    return opening;
  }

  async #openClusterNow(cluster: string, shard: string): Promise<void> {
    const shell: ClusterShell = new WriterShell(shard, CLUSTER_DECIDER, this.#store, {
      onCommitted: (committed) => this.#listener.onClusterCommit(shard, committed),
      onStepDown: (_, reason) => this.#reopen(shard, reason, shell, () => this.#openCluster(cluster, shard)),
    });
    await shell.open(this.#holder, this.#witnesses);
    this.#recorded.add(cluster);
    this.#clusters.set(cluster, shell);
    this.#listener.onClusterOpened(cluster, shell.term);
  }

  /** Restart is the recovery path: the speculative state is gone with the shell, the log tells the rest. */
  #reopen(shard: string, reason: string, shell: ClusterShell | AccountShell, open: () => Promise<void>): void {
    if (!this.#leading || !this.#mayReopen) return;
    this.#log.warn({ shard, reason }, 'the writer stepped down; opening the shard again from the log');
    if (this.#accountShell === shell) this.#accountShell = null;
    for (const [name, current] of this.#clusters) if (current === shell) this.#clusters.delete(name);
    this.#openLater(shard, REOPEN_PAUSE_MS_MIN, open);
  }

  #openLater(shard: string, pauseMs: number, open: () => Promise<void>): void {
    setTimeout(() => {
      if (!this.#leading || !this.#mayReopen) return;
      open().catch((error: unknown) => {
        // No account without its own shard, and no writer over a tail that is gone.
        const isAlone = shard !== accountShard(this.#account) && !(error instanceof WitnessContradicted);
        if (isDamage(error)) return isAlone ? this.#halt(shard, error) : this.#listener.onFatal(error);
        this.#log.error({ shard, err: error }, 'the shard could not be opened; trying again');
        this.#openLater(shard, Math.min(pauseMs * 2, REOPEN_PAUSE_MS_MAX), open);
      });
    }, pauseMs);
  }
}

/** The answer to the first command of a shard if it is refused, or null. Decided on a state that nobody keeps. */
function refusalOfFirst(shard: string, request: CommandRequest<ClusterCommand>): CommandAnswer<Rejection> | null {
  try {
    const at = Date.now();
    const decision = decideWhole(CLUSTER_DECIDER, CLUSTER_DECIDER.initialState(shard), { ...request, at }, at);
    return decision.kind === 'rejected' ? { ...decision, revision: 0 } : null;
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function notWritten(shard: string): Promise<CommandAnswer<Rejection>> {
  return unavailable(`this process does not write ${shard} now`);
}

function unavailable(reason: string): Promise<CommandAnswer<Rejection>> {
  return Promise.resolve({ kind: 'unavailable', reason });
}
