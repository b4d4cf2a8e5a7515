export { AgentShell } from './agent-shell.ts';
export type { AgentShellOptions } from './agent-shell.ts';
export { describeInstance } from './instance-description.ts';
export type { HostDescription } from './instance-description.ts';
export type { AgentQuestion, AgentWire, DescribeHost, HostRuntime } from './ports.ts';
