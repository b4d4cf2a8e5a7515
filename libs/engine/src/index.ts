export { AgentsEndpoint } from './agents/agents-endpoint.ts';
export type { AgentRespond, AgentsEndpointOptions, AgentsWire } from './agents/agents-endpoint.ts';
export { Engine } from './engine.ts';
export type { EngineOptions, EnginePorts, Outlet, Readiness } from './engine.ts';
export type { Authorise, Response, RunningContext } from './gateway.ts';
export type {
  Cancel,
  Clock,
  Cursors,
  Ids,
  Journal,
  JournalReader,
  Lease,
  LeaseHandlers,
  NoteLevel,
  Notes,
  Peers,
  Witnesses,
} from './ports.ts';
export { REOPEN_PAUSE_MS_MAX } from './shard-host.ts';
export { StoreJournal } from './store-journal.ts';
export { WriterShell } from './writer-shell.ts';
export type { Reply, ShellListener, ShellPorts } from './writer-shell.ts';
