import type { AppendOutcome, CommitHandlers, StoredCommit, Witness } from '#libs/event-store';
import type {
  Cancel,
  ChainHead,
  CommandAnswer,
  CommandRequest,
  ContextRejection,
  DomainCommand,
  EncodedCommit,
} from '#libs/kernel';

/*
 * What the engine needs of the world. Every port calls back and none returns a promise: the order of what happens is then
 * the caller's alone, so that a simulation of the same code is one sequence of steps per seed. A callback is called once,
 * never from within the call that takes it.
 */

export type { Cancel, Clock, Ids, NoteLevel, Notes } from '#libs/kernel';

/** The journal of all shards. See `EventStore` for what each call promises. */
export interface Journal {
  append(commit: EncodedCommit, expected: number | null, done: (outcome: AppendOutcome) => void): void;
  /** The shard's last commit as the leader has it. `failed`: nothing is known. */
  head(shard: string, done: (head: StoredCommit | null) => void, failed: (error: Error) => void): void;
  /** The commits of one shard, or of all (null), after a position up to the head of now. */
  read(shard: string | null, after: number, reader: JournalReader): void;
  /** Follows all shards after a position until cancelled. */
  follow(after: number, handlers: CommitHandlers): Cancel;
  shards(done: (shards: readonly string[]) => void, failed: (error: Error) => void): void;
}

export interface JournalReader {
  readonly batch: (commits: readonly StoredCommit[]) => void;
  readonly end: () => void;
  readonly failed: (error: Error) => void;
}

/** One process's wish to be the one that writes. It says who should try; the log says who wins. */
export interface Lease {
  /** True only while no other process can have it. */
  readonly isHeld: boolean;
  /** Another number each time that it is acquired: another process may have had it between two of them. */
  readonly holding: number;
  campaign(holder: string, handlers: LeaseHandlers): void;
  /** Ends the campaign and frees the lease at once. */
  resign(done: () => void): void;
}

export interface LeaseHandlers {
  readonly acquired: () => void;
  /** It is lost or may be lost; called before another process can have it. Not called after `resign`. */
  readonly lost: (reason: string) => void;
}

/** The newest durable commit of each shard, kept where the loss of the journal does not reach. */
export interface Witnesses {
  read(shard: string, done: (witness: Witness | null) => void, failed: (error: Error) => void): void;
  /** Every shard of which anything is known. */
  shards(done: (shards: readonly string[]) => void, failed: (error: Error) => void): void;
  /** A commit of this process, before anything follows from it: when it returns, the end of any process does not lose it. */
  note(shard: string, head: ChainHead): void;
  /** A commit of any process: this one may be the next to write. Made durable soon. */
  observe(shard: string, head: ChainHead): void;
  /** Makes durable what was noted and observed. */
  flush(done: () => void): void;
}

/** Durable positions by name. */
export interface Cursors {
  read(name: string, done: (position: number) => void, failed: (error: Error) => void): void;
  write(name: string, position: number, done: () => void, failed: (error: Error) => void): void;
}

/** Commands on their way to the process that writes. */
export interface Peers {
  submit(
    shard: string,
    request: CommandRequest<DomainCommand>,
    reply: (answer: CommandAnswer<ContextRejection>) => void,
  ): void;
}
