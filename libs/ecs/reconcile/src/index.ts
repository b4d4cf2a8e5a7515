export { clusterAgents } from './agents/cluster-agents.ts';
export { deregistrationSaga } from './deregistration/deregistration.saga.ts';
export { schedulerSaga } from './scheduler/scheduler.saga.ts';
export { serviceControllerSaga } from './service-controller/service-controller.saga.ts';
