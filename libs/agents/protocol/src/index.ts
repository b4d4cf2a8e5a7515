export {
  AGENT_MESSAGE_BYTES_MAX,
  DEFINITIONS_PER_REQUEST_MAX,
  HEARTBEAT_INTERVAL_SECONDS,
  HEARTBEAT_TIMEOUT_SECONDS,
} from './agent.ts';
export type {
  AssignMessage,
  DefinitionsRequest,
  DoorRefusal,
  Heartbeat,
  InstanceDescription,
  ReportAnswer,
  ReportRequest,
  SessionAnswer,
  SessionRequest,
  WantedRequest,
} from './agent.ts';
