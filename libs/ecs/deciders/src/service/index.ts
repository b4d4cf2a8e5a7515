export { BREAKER_PERCENT_DEFAULT, liveTasksMax } from './deployment-configuration.ts';
export { healthyTaskCount, isSettled } from './healthy-tasks.ts';
export { MESSAGE_REPEAT_MS, START_BATCH_TASKS_MAX } from './service-limits.ts';
export {
  onServiceTaskChanged,
  onServiceTaskPlacementFailed,
  onServiceTasksRequested,
  onServiceTaskVerdict,
} from './service-tasks.evolve.ts';
export {
  CONFIGURATION_BLOCKS_MESSAGE,
  FAILED_HEALTH_CHECKS_REASON,
  prefixedMessage,
  STEADY_STATE_MESSAGE,
} from './service-texts.ts';
export { areStartsDelayed, isDelayDue, waitsForRoom } from './start-delay.ts';
export { TaskVerdicts } from './task-verdicts.ts';
export { serviceTaskTemplate, taskDefinitionOfDeployment } from './task-template.ts';
