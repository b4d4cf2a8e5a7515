export { balanceOf } from './balance.ts';
export type { ServiceBalance } from './balance.ts';
export { decideCreateService } from './create-service.decider.ts';
export { dueServices, nextServiceDeadline } from './deadline.ts';
export { decideCloseService, decideDeleteService } from './delete-service.decider.ts';
export { canRollBack, decideRollBackService, decideSettleDeployment } from './deployment.decider.ts';
export { drainingTasks } from './draining-tasks.ts';
export type { DrainingTasks } from './draining-tasks.ts';
export { START_BATCH_TASKS_MAX, STOP_BATCH_TASKS_MAX } from './service-limits.ts';
export { decidePostServiceMessage } from './service-message.decider.ts';
export { decideStartServiceTasks, decideStopServiceTasks } from './service-tasks.decider.ts';
export {
  onServiceTaskChanged,
  onServiceTasksPlacementFailed,
  onServiceTasksRequested,
} from './service-tasks.evolve.ts';
export { checkCreateServiceRequest, checkUpdateServiceRequest } from './service-request.ts';
export { CONFIGURATION_BLOCKS_MESSAGE, FAILED_HEALTH_CHECKS_REASON, STEADY_STATE_MESSAGE } from './service-texts.ts';
export { evolveService } from './service.evolve.ts';
export { STANDINGS, standingOf } from './standing.ts';
export type { Standing } from './standing.ts';
export { waitsForRoom } from './start-delay.ts';
export { serviceTasksThatFit } from './task-template.ts';
export { decideUpdateService } from './update-service.decider.ts';
