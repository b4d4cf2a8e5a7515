export { MESSAGE_BYTES_MAX } from './message-size.ts';
export {
  AGENT_LEAVES,
  agents,
  audit,
  commands,
  events,
  eventStream,
  FOLLOWER,
  hosts,
  inboxes,
  journal,
  JOURNAL_STREAM,
  metrics,
  ROOT_PRINCIPAL,
  shards,
} from './subjects.ts';
export type { AgentLeaf } from './subjects.ts';
