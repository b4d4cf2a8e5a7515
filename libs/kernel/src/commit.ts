import type { CommandSource } from './decider.ts';
import type { DomainEvent } from './event.ts';

/** The encoding that this code writes: JSON text. */
const COMMIT_ENCODING_VERSION = 1;
/** A commit carries at most this many events … */
export const COMMIT_EVENTS_MAX = 512;
/** … or this many bytes of events, whichever comes first; a single whole decision may exceed both and travels alone. */
export const COMMIT_BYTES_MAX = 256 * 1024;
/** nats-server's default max_payload less room for the envelope and headers: no commit may ever exceed it. */
export const COMMIT_BYTES_HARD_MAX = 1_000_000;
/** `prevHash` of the first commit of a shard. */
export const GENESIS_HASH = '0'.repeat(64);

/** sha256 of a text's UTF-8 bytes as 64 lower-case hex digits. Injected, because pure rooms have no crypto. */
export type Sha256 = (text: string) => string;

/** One command and everything that followed from it, recorded as a whole. */
export interface RecordedDecision<Event extends DomainEvent> {
  readonly commandId: string;
  /** The command's type, e.g. `RunTask`. */
  readonly command: string;
  readonly principal: string;
  readonly source: CommandSource;
  readonly correlationId: string;
  readonly traceId?: string;
  readonly causationId: string | null;
  readonly clientToken?: string;
  /** ms since the epoch; non-decreasing within a shard. */
  readonly at: number;
  /** The answer, where it does not follow from the events: a repeated command is answered with it again. */
  readonly answer?: unknown;
  readonly events: readonly Event[];
}

/** One message of the log: all decisions taken while the one before was being synced. */
export interface Commit<Event extends DomainEvent> {
  readonly v: number;
  /** `ecs.<account>` or `ecs.<account>.<cluster>`. */
  readonly shard: string;
  /** Fencing epoch of the writer; a fold refuses a commit of a lower term. */
  readonly term: number;
  /** The shard's own contiguous count of commits, from 1. */
  readonly revision: number;
  readonly prevHash: string;
  readonly at: number;
  /** `Decider.version` of the writer: what was decided otherwise before may be looked up by it. */
  readonly deciderVersion: number;
  readonly decisions: readonly RecordedDecision<Event>[];
  /** sha256(prevHash ‖ the text of the commit without its hash member). */
  readonly hash: string;
}

/** A commit ready to append: its identity and the exact text that the hash covers. */
export interface EncodedCommit {
  readonly shard: string;
  readonly term: number;
  readonly revision: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly text: string;
}

const HASH_SUFFIX_LENGTH = ',"hash":""}'.length + 64;

/** What a commit says besides its decisions. */
export interface CommitHeader {
  readonly shard: string;
  readonly term: number;
  readonly revision: number;
  readonly prevHash: string;
  readonly at: number;
  readonly deciderVersion: number;
}

/**
 * Seals decisions that are already JSON texts into a commit. The hash member comes last, so that the text before it is
 * what was hashed, byte for byte.
 */
export function encodeCommit(header: CommitHeader, decisionTexts: readonly string[], sha256: Sha256): EncodedCommit {
  const { shard, term, revision, prevHash, at, deciderVersion } = header;
  const members = JSON.stringify({
    v: COMMIT_ENCODING_VERSION,
    shard,
    term,
    revision,
    prevHash,
    at,
    deciderVersion,
  });
  const unsealed = `${members.slice(0, -1)},"decisions":[${decisionTexts.join(',')}]}`;
  const hash = sha256(prevHash + unsealed);
  return { shard, term, revision, prevHash, hash, text: `${unsealed.slice(0, -1)},"hash":"${hash}"}` };
}

/** What an encoded commit says, without parsing it: for readers in the process that wrote it. */
export function encodedAs<Event extends DomainEvent>(
  { shard, term, revision, prevHash, hash }: EncodedCommit,
  at: number,
  deciderVersion: number,
  decisions: readonly RecordedDecision<Event>[],
): Commit<Event> {
  return { v: COMMIT_ENCODING_VERSION, shard, term, revision, prevHash, at, deciderVersion, decisions, hash };
}

/** Why a text is not the next commit of its shard. */
export class CommitRefused extends Error {
  readonly shard: string;
  readonly revision: number;

  constructor(shard: string, revision: number, why: string) {
    super(`commit ${revision} of shard ${shard} is refused: ${why}`);
    this.name = 'CommitRefused';
    this.shard = shard;
    this.revision = revision;
  }
}

/** The end of a verified chain. */
export interface ChainHead {
  readonly revision: number;
  readonly hash: string;
  readonly term: number;
  /** Time of the last decision, ms. */
  readonly at: number;
}

export const GENESIS_HEAD: ChainHead = { revision: 0, hash: GENESIS_HASH, term: 0, at: 0 };

/** Parses a commit as it was recorded, without looking at its place in the chain; `upcastCommit` makes it foldable. */
export function decodeCommit(text: string): Commit<DomainEvent> {
  const commit = JSON.parse(text) as Commit<DomainEvent>;
  if (commit.v !== COMMIT_ENCODING_VERSION) {
    throw new CommitRefused(commit.shard, commit.revision, `encoding ${String(commit.v)} is unknown to this version`);
  }
  return commit;
}

/**
 * Checks that a commit is the next link: revision contiguous, previous hash equal, own hash true to the text, term and
 * time not running back. Returns the new head.
 * @throws CommitRefused
 */
export function verifyLink<Event extends DomainEvent>(
  head: ChainHead,
  commit: Commit<Event>,
  text: string,
  sha256: Sha256,
): ChainHead {
  const refuse = (why: string): never => {
    throw new CommitRefused(commit.shard, commit.revision, why);
  };
  if (commit.revision !== head.revision + 1) refuse(`expected revision ${head.revision + 1}`);
  if (commit.prevHash !== head.hash) refuse('its previous hash is not the hash of the commit before it');
  if (commit.term < head.term) refuse(`term ${commit.term} is older than term ${head.term}`);
  const unsealed = `${text.slice(0, -HASH_SUFFIX_LENGTH)}}`;
  if (sha256(commit.prevHash + unsealed) !== commit.hash) refuse('its hash does not match its content');
  let at = head.at;
  for (const decision of commit.decisions) {
    if (decision.at < at) refuse(`time runs back from ${at} to ${decision.at}`);
    at = decision.at;
  }
  return { revision: commit.revision, hash: commit.hash, term: commit.term, at };
}
