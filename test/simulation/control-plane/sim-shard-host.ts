import type {
  AccountCommand,
  AccountEvent,
  ClusterCommand,
  ClusterEffect,
  ClusterEvent,
  Rejection,
} from '#libs/ecs/messages';
import type { AccountDecider, AccountState, ClusterDecider, ClusterState } from '#libs/ecs/deciders';
import type { ChainHead, CommandAnswer, CommandRequest, Committed } from '#libs/kernel';
import { ACCOUNT_SHARD, CLUSTER_SHARD } from '../world/names.ts';
import type { Trace } from '../world/trace.ts';
import { SimWriterShell } from './sim-writer-shell.ts';
import type { ShellSurroundings } from './sim-writer-shell.ts';

export type ClusterShell = SimWriterShell<ClusterState, ClusterCommand, ClusterEvent, Rejection, ClusterEffect>;
export type AccountShell = SimWriterShell<AccountState, AccountCommand, AccountEvent, Rejection, never>;
export type Reply = (answer: CommandAnswer<Rejection>) => void;

const REOPEN_PAUSE_MS_MIN = 100;
export const REOPEN_PAUSE_MS_MAX = 5_000;

/** Who hears of durable commits of this process's writers. */
export interface SimCommitListener {
  onClusterCommit(committed: Committed<ClusterEvent, ClusterEffect>, isLive: boolean): void;
  onAccountCommit(committed: Committed<AccountEvent, never>, isLive: boolean): void;
  onClusterOpened(): void;
  /** A writer broke an invariant or refused the log: a defect of the product. */
  onDefect(what: string): void;
  checkHead(shard: string, head: ChainHead): void;
}

/**
 * apps/control-plane's ShardHost over the virtual world: the writers of both shards while this process has the lease; one
 * that steps down is opened again from the log.
 */
export class SimShardHost {
  readonly #holder: string;
  readonly #world: ShellSurroundings;
  readonly #deciders: { readonly account: AccountDecider; readonly cluster: ClusterDecider };
  readonly #listener: SimCommitListener;
  readonly #trace: Trace;
  #account: AccountShell | null = null;
  #cluster: ClusterShell | null = null;
  #leading = false;
  #mayReopen = false;

  constructor(options: {
    holder: string;
    world: ShellSurroundings;
    deciders: { readonly account: AccountDecider; readonly cluster: ClusterDecider };
    listener: SimCommitListener;
    trace: Trace;
  }) {
    this.#holder = options.holder;
    this.#world = options.world;
    this.#deciders = options.deciders;
    this.#listener = options.listener;
    this.#trace = options.trace;
  }

  get isLeading(): boolean {
    return this.#leading;
  }

  get cluster(): ClusterShell | null {
    return this.#cluster;
  }

  get account(): AccountShell | null {
    return this.#account;
  }

  /** Both shards are open. */
  get allOpen(): boolean {
    return this.#account?.isLeading === true && this.#cluster?.isLeading === true;
  }

  lead(): void {
    this.#leading = true;
    this.#mayReopen = true;
    this.#openAccount(REOPEN_PAUSE_MS_MIN);
    this.#openCluster(REOPEN_PAUSE_MS_MIN);
  }

  /** The lease is in doubt: the writers go on, but one that steps down is not opened again. */
  holdOn(leaseIsHeld: boolean): void {
    this.#mayReopen = leaseIsHeld;
  }

  standDown(reason: string): void {
    this.#leading = false;
    this.#account?.stop(reason);
    this.#cluster?.stop(reason);
    this.#account = null;
    this.#cluster = null;
  }

  submitToAccount(request: CommandRequest<AccountCommand>, reply: Reply): void {
    if (this.#account === null) reply({ kind: 'unavailable', reason: 'the account shard is not open here' });
    else this.#account.submit(request, reply);
  }

  submitToCluster(request: CommandRequest<ClusterCommand>, reply: Reply): void {
    if (this.#cluster === null) reply({ kind: 'unavailable', reason: 'the cluster is not open here' });
    else this.#cluster.submit(request, this.#watched(request.command.type, reply));
  }

  #openAccount(pauseMs: number): void {
    const shell: AccountShell = new SimWriterShell(ACCOUNT_SHARD, this.#deciders.account, this.#world, {
      onCommitted: (committed, isLive) => this.#listener.onAccountCommit(committed, isLive),
      onStepDown: (reason) => {
        if (this.#account === shell) this.#account = null;
        this.#reopen(reason, () => this.#openAccount(REOPEN_PAUSE_MS_MIN));
      },
      onUnreadable: (error) => this.#listener.onDefect(String(error)),
      checkHead: (head) => this.#listener.checkHead(ACCOUNT_SHARD, head),
    });
    shell.open(
      this.#holder,
      () => this.#leading,
      () => (this.#account = shell),
      () => this.#later(pauseMs, (next) => this.#openAccount(next)),
    );
  }

  #openCluster(pauseMs: number): void {
    const shell: ClusterShell = new SimWriterShell(CLUSTER_SHARD, this.#deciders.cluster, this.#world, {
      onCommitted: (committed, isLive) => this.#listener.onClusterCommit(committed, isLive),
      onStepDown: (reason) => {
        if (this.#cluster === shell) this.#cluster = null;
        this.#reopen(reason, () => this.#openCluster(REOPEN_PAUSE_MS_MIN));
      },
      onUnreadable: (error) => this.#listener.onDefect(String(error)),
      checkHead: (head) => this.#listener.checkHead(CLUSTER_SHARD, head),
    });
    shell.open(
      this.#holder,
      () => this.#leading,
      () => {
        this.#cluster = shell;
        this.#trace.note(`${this.#holder} opens ${shell.shard} with term ${shell.term}`);
        this.#listener.onClusterOpened();
      },
      () => this.#later(pauseMs, (next) => this.#openCluster(next)),
    );
  }

  #reopen(reason: string, open: () => void): void {
    if (!this.#leading) return;
    this.#trace.note(`${this.#holder} steps down: ${reason}`);
    this.#world.process.after(REOPEN_PAUSE_MS_MIN, () => {
      if (this.#leading && this.#mayReopen) open();
    });
  }

  #later(pauseMs: number, open: (nextPauseMs: number) => void): void {
    this.#world.process.after(pauseMs, () => {
      if (this.#leading && this.#mayReopen) open(Math.min(pauseMs * 2, REOPEN_PAUSE_MS_MAX));
    });
  }

  #watched(command: string, reply: Reply): Reply {
    return (answer) => {
      if (answer.kind === 'failed') this.#listener.onDefect(`${command}: ${answer.reason}`);
      reply(answer);
    };
  }
}
