export { assert, InvariantBroken, unreachable } from './assert.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  COMMIT_BYTES_HARD_MAX,
  COMMIT_BYTES_MAX,
  COMMIT_ENCODING_VERSION,
  COMMIT_EVENTS_MAX,
  CommitRefused,
  decodeCommit,
  encodeCommit,
  GENESIS_HASH,
  GENESIS_HEAD,
  verifyLink,
} from './commit.ts';
export type { ChainHead, Commit, EncodedCommit, RecordedDecision, Sha256 } from './commit.ts';
export { accept, reject } from './decider.ts';
export type {
  Accepted,
  CommandEnvelope,
  CommandSource,
  Decider,
  Decision,
  DecisionContext,
  DomainCommand,
  DomainEvent,
  Effect,
  IdSource,
  Rejected,
  Saga,
} from './decider.ts';
export { idSource } from './id-source.ts';
export { seededRandom, seedFromText } from './random.ts';
