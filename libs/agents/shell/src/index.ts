export { AgentShell } from './agent-shell.ts';
export type { AgentShellOptions } from './agent-shell.ts';
export { instanceAttributes } from './instance-attributes.ts';
export { describeInstance } from './instance-description.ts';
export type { HostDescription } from './instance-description.ts';
export type { AgentQuestion, AgentWire, DescribeHost, HostRuntime } from './ports.ts';
export { steadyClock } from './steady-clock.ts';
