export { assignMessages } from './agents/assign-messages.ts';
export { clusterAgents } from './agents/cluster-agents.ts';
export { deregistrationSaga } from './instance-monitor/deregistration.saga.ts';
export { heartbeatVerdict } from './agents/heartbeat-verdict.ts';
export { InstanceMonitor } from './instance-monitor/instance-monitor.ts';
export type { SilentSession } from './instance-monitor/instance-monitor.ts';
export { schedulerSaga } from './scheduler/scheduler.saga.ts';
export { serviceControllerSaga } from './service-controller/index.ts';
