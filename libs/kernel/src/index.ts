export { agentsProtocol } from './agents-protocol.ts';
export type {
  AgentAddress,
  AgentHeartbeat,
  AgentPlan,
  AgentRequest,
  AgentSession,
  AgentsProtocol,
  AnyAgentsProtocol,
  Directive,
  HeartbeatVerdict,
} from './agents-protocol.ts';
export { assert, InvariantBroken, unreachable } from './assert.ts';
export { backoffMs } from './backoff.ts';
export { BoundedMap } from './bounded-map.ts';
export { canonicalJson, canonicalPieces } from './canonical-json.ts';
export {
  COMMIT_BYTES_HARD_MAX,
  CommitRefused,
  decodeCommit,
  encodeCommit,
  GENESIS_HASH,
  GENESIS_HEAD,
  verifyLink,
} from './commit.ts';
export type { ChainHead, Commit, CommitHeader, EncodedCommit, RecordedDecision, Sha256 } from './commit.ts';
export type {
  AuditSubject,
  ContextAudit,
  History,
  HistoryEntry,
  PartOfInstallation,
  Picture,
  PictureCell,
  SubjectSearch,
  UnlistedHost,
} from './context-audit.ts';
export { shardKind } from './context.ts';
export type {
  AnyShardKind,
  ApiError,
  Authorisation,
  BoundedContext,
  Caller,
  Operation,
  Plan,
  Policy,
  PublicEvent,
  PublicEvents,
  ShardCommand,
  ShardKind,
  StateCodec,
} from './context.ts';
export type { ContextViews, Locale, ViewHalted, ViewOutcome } from './context-views.ts';
export { accept, nextDeadlineOf, reject } from './decider.ts';
export type {
  Accepted,
  CommandEnvelope,
  CommandRequest,
  CommandSource,
  ContextRejection,
  Decider,
  Decision,
  DecisionContext,
  DomainCommand,
  Effect,
  IdSource,
  Rejected,
  Saga,
} from './decider.ts';
export type { DomainEvent, EventCatalogue, EventVersions, OlderEvent, Upcaster } from './event.ts';
export { jsonBytes, utf8Length } from './encoded-size.ts';
export { idSource } from './id-source.ts';
export { seededRandom, seedFromText } from './random.ts';
export type {
  AwsJson,
  AwsQuery,
  ErrorShape,
  InputConstraint,
  InputFault,
  OperationShapes,
  ServiceModel,
  ServiceProtocol,
  ServiceRules,
  Shape,
  ShapeDocument,
} from './service-model.ts';
export { ok } from './result.ts';
export type { Result } from './result.ts';
export { ShardFold } from './shard-fold.ts';
export type { Foldable } from './shard-fold.ts';
export { hexText, uuidText } from './uuid-text.ts';
export { isAtLeast } from './versions.ts';
export type { Cancel, Clock, Ids, NoteLevel, Notes } from './world.ts';
export { decideWhole } from './writer/whole-decision.ts';
export type { WholeDecision } from './writer/whole-decision.ts';
export { LogClock } from './writer/log-clock.ts';
export type { Rest } from './writer/rest.ts';
export { ShardWriter } from './writer/shard-writer.ts';
export type { AppendResult, CommandAnswer, Committed, WriterPort } from './writer/writer-port.ts';
export { EventUnknown, upcastCommit } from './upcast.ts';
