import type { ClusterCommand, ClusterEvent } from '#libs/ecs/messages';
import { START_BATCH_TASKS_MAX, waitsForRoom } from '#libs/ecs/deciders';
import type { ClusterState, ServiceState } from '#libs/ecs/deciders';
import type { DecisionContext, Saga } from '#libs/kernel';
import { hasTimePassed } from '../has-time-passed.ts';
import { dueServices, nextServiceDeadline } from './deadline.ts';
import { drainingTasks } from './draining-tasks.ts';
import type { DrainingTasks } from './draining-tasks.ts';
import { messagesOf } from './event-messages.ts';
import { planForRoom, planService } from './plan.ts';
import type { Budget, PlanContext } from './plan.ts';
import { touchedBy } from './touched-services.ts';

const CONTROLLER = 'service-controller';

/**
 * Services that start tasks in one round: when nothing fits, each adds the refusals of every host to the decision, and a
 * decision must fit into one commit.
 */
const SERVICES_STARTING_AT_ONCE_MAX = 8;
/** Tasks that are stopped in one round. */
const STOP_BATCH_TASKS_MAX = 100;
/** Services that are planned in one round. The others are due at once, in decisions of their own. */
const SERVICES_PLANNED_AT_ONCE_MAX = 200;

/**
 * Keeps every service at what it should be. Levels, not edges: events only say which services to look at, and time says
 * which are due; what a service needs is read from the state. The scheduler reacts before.
 */
export const serviceControllerSaga: Saga<ClusterState, ClusterCommand, ClusterEvent> = {
  name: CONTROLLER,
  react(state, events, context) {
    if (state.services.size === 0) return [];
    return hasTimePassed(events) ? reactToTime(state, context) : reactToEvents(state, events, context);
  },
  nextDeadline: nextServiceDeadline,
};

function reactToTime(state: ClusterState, context: DecisionContext): readonly ClusterCommand[] {
  const due = dueServices(state, context.at).slice(0, SERVICES_PLANNED_AT_ONCE_MAX);
  if (due.length === 0) return [];
  const draining = drainingTasks(state);
  const budget = fullBudget();
  return due.flatMap((service) => planService(state, service, planContext(service, draining, context), budget));
}

function reactToEvents(
  state: ClusterState,
  events: readonly ClusterEvent[],
  context: DecisionContext,
): readonly ClusterCommand[] {
  const commands: ClusterCommand[] = [...messagesOf(state, events, context.at)];
  const { services, hostIds } = touchedBy(state, events, CONTROLLER);
  if (services.size === 0 && hostIds.size === 0) return commands;
  const draining = drainingTasks(state);
  const budget = fullBudget();
  for (const [serviceName, isNews] of [...services].slice(0, SERVICES_PLANNED_AT_ONCE_MAX)) {
    const service = state.services.get(serviceName);
    if (service === undefined) continue;
    commands.push(
      ...planService(state, service, planContext(service, draining, context), isNews ? budget : noBudget()),
    );
  }
  if (hostIds.size > 0) {
    for (const service of state.services.values()) {
      if (!waitsForRoom(service)) continue;
      commands.push(...planForRoom(state, service, hostIds, planContext(service, draining, context), budget));
    }
  }
  return commands;
}

function fullBudget(): Budget {
  return { starts: START_BATCH_TASKS_MAX, stops: STOP_BATCH_TASKS_MAX, services: SERVICES_STARTING_AT_ONCE_MAX };
}

function noBudget(): Budget {
  return { starts: 0, stops: 0, services: 0 };
}

function planContext(service: ServiceState, draining: DrainingTasks, { at, ids }: DecisionContext): PlanContext {
  return { at, random: () => ids.random(), draining: draining.get(service.serviceName) };
}
