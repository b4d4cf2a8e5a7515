export {
  agentDirective,
  definitionsAnswer,
  drainAnswer,
  reportAnswer,
  sessionAnswer,
  wantedAnswer,
} from './answers.ts';
export type {
  AgentDirective,
  AssignMessage,
  AgentRefusal,
  DrainAnswer,
  FencedMessage,
  ReportAnswer,
  SessionAnswer,
} from './answers.ts';
export {
  AGENT_MESSAGE_BYTES_MAX,
  DEFINITIONS_PER_REQUEST_MAX,
  HEARTBEAT_INTERVAL_SECONDS,
  HEARTBEAT_TIMEOUT_SECONDS,
} from './limits.ts';
export { metricsMessage, TASKS_PER_METRICS_MESSAGE_MAX } from './metrics.ts';
export type { ContainerMetrics, MetricsMessage, NetworkStats, StatsSet, StorageStats, TaskMetrics } from './metrics.ts';
export {
  definitionsRequest,
  drainRequest,
  heartbeat,
  reportRequest,
  sessionRequest,
  wantedRequest,
} from './requests.ts';
export type {
  DefinitionsRequest,
  DrainRequest,
  Heartbeat,
  InstanceDescription,
  ReportRequest,
  SessionRequest,
  WantedRequest,
} from './requests.ts';
export { read } from './schema.ts';
export type { Schema } from './schema.ts';
