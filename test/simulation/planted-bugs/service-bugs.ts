import type { ClusterEvent, ServiceSpec } from '#libs/ecs/messages';
import { FAILED_HEALTH_CHECKS_REASON } from '#libs/ecs/deciders';
import { afterwards, decider, misreading, reacting, recording } from './breaking.ts';
import type { ServiceState } from '#libs/ecs/deciders';
import type { PlantedBug } from './planted-bug.ts';

const CONTROLLER = 'service-controller';

/** Bugs in services: the controller, deployments, the circuit breaker, delays of starts. */
export const SERVICE_BUGS: readonly PlantedBug[] = [
  {
    what: 'services are not looked after',
    where: 'service controller',
    invariant: 'L1',
    within: 25,
    seed: 1,
    parts: decider(({ sagas }) => ({ sagas: sagas.filter(({ name }) => name !== CONTROLLER) })),
  },
  {
    what: 'percentages of services are taken for 0 and 400',
    where: 'rolling update',
    invariant: 'S10',
    within: 25,
    seed: 3,
    parts: readingSpecs((spec) => ({
      ...spec,
      deploymentConfiguration: { ...spec.deploymentConfiguration, minimumHealthyPercent: 0, maximumPercent: 400 },
    })),
  },
  {
    what: 'minimumHealthyPercent is taken for 0',
    where: 'rolling update',
    invariant: 'S10',
    within: 25,
    seed: 3,
    parts: readingSpecs((spec) => ({
      ...spec,
      deploymentConfiguration: { ...spec.deploymentConfiguration, minimumHealthyPercent: 0 },
    })),
  },
  {
    what: 'a task counts as healthy as soon as it runs',
    where: 'rolling update',
    invariant: 'S10',
    within: 50,
    seed: 4,
    parts: afterwards((state, event) => {
      if (event.type !== 'TaskStateChanged' || event.lastStatus !== 'RUNNING') return;
      const { serviceName, deploymentId } = state.tasks.get(event.taskId)?.template ?? {};
      const deployment = state.services
        .get(serviceName ?? '')
        ?.deployments.find((one) => one.deploymentId === deploymentId);
      deployment?.unsettled.delete(event.taskId);
    }),
  },
  {
    what: 'a deployment completes when it starts',
    where: 'service controller',
    invariant: 'S11',
    within: 25,
    seed: 1,
    parts: reacting(CONTROLLER, (commands, state) => {
      const early = [...state.services.values()].flatMap(({ serviceName, deployments }) =>
        deployments
          .slice(0, 1)
          .filter(({ rolloutState, pendingCount }) => rolloutState === 'IN_PROGRESS' && pendingCount > 0)
          .map(
            ({ deploymentId }) =>
              ({ type: 'SettleDeployment', serviceName, deploymentId, outcome: 'COMPLETED' }) as const,
          ),
      );
      return [...commands, ...early];
    }),
  },
  {
    what: 'a deployment that is done is never completed',
    where: 'service controller',
    invariant: 'L7',
    within: 25,
    seed: 1,
    parts: reacting(CONTROLLER, (commands) =>
      commands.filter((command) => command.type !== 'SettleDeployment' || command.outcome !== 'COMPLETED'),
    ),
  },
  {
    what: 'the circuit breaker trips at the first failure',
    where: 'circuit breaker',
    invariant: 'S11',
    within: 25,
    seed: 1,
    parts: readingSpecs((spec) => withBreaker(spec, { thresholdConfiguration: { type: 'COUNT', value: 1 } })),
  },
  {
    what: 'the circuit breaker needs one failure more than it should',
    where: 'circuit breaker',
    invariant: 'S11',
    within: 25,
    seed: 4,
    parts: readingSpecs((spec) => withBreaker(spec, { thresholdConfiguration: { type: 'COUNT', value: 5 } })),
  },
  {
    what: 'the circuit breaker never trips',
    where: 'circuit breaker',
    invariant: 'S11',
    within: 25,
    seed: 1,
    parts: reacting(CONTROLLER, (commands) =>
      commands.filter(
        (command) =>
          command.type !== 'RollBackService' && (command.type !== 'SettleDeployment' || command.outcome !== 'FAILED'),
      ),
    ),
  },
  {
    what: 'a failed deployment is not rolled back',
    where: 'circuit breaker',
    invariant: 'S11',
    within: 25,
    seed: 4,
    parts: reacting(CONTROLLER, (commands) => commands.filter(({ type }) => type !== 'RollBackService')),
  },
  {
    what: 'a rollback starts what has failed once more',
    where: 'circuit breaker',
    invariant: 'S11',
    within: 25,
    seed: 4,
    parts: recording((events, state, command) => {
      if (command.type !== 'RollBackService') return events;
      const failed = state.services.get(command.serviceName)?.deployments[0]?.taskDefinitionArn;
      return events.map((event) =>
        event.type === 'DeploymentStarted' && failed !== undefined ? { ...event, taskDefinitionArn: failed } : event,
      );
    }),
  },
  {
    what: 'starts are not delayed after failures',
    where: 'start delay',
    invariant: 'S19',
    within: 25,
    seed: 1,
    parts: afterwards((state) => {
      for (const service of state.services.values()) service.startObstacle = null;
    }),
  },
  {
    what: 'every delay is as long as the first one',
    where: 'start delay',
    invariant: 'S19',
    within: 25,
    seed: 1,
    parts: afterwards((state) => {
      for (const service of state.services.values()) {
        service.startDelays = 0;
        service.roomDelays = 0;
      }
    }),
  },
  {
    what: 'a delay is over at once',
    where: 'start delay',
    invariant: 'S19',
    within: 25,
    seed: 3,
    parts: misreading((event) =>
      event.type === 'ServiceStartsDelayed' ? { ...event, until: event.until - 10_000 } : event,
    ),
  },
  {
    what: 'a new deployment inherits the delays of the old one',
    where: 'start delay',
    invariant: 'S19',
    within: 25,
    seed: 1,
    parts: decider(({ evolve }) => ({
      evolve: (state, event, at) => {
        const serviceOf = (): ServiceState | undefined =>
          event.type === 'DeploymentStarted' ? state.services.get(event.serviceName) : undefined;
        const { startDelays, roomDelays } = serviceOf() ?? { startDelays: 0, roomDelays: 0 };
        evolve(state, event, at);
        const service = serviceOf();
        if (service !== undefined) Object.assign(service, { startDelays, roomDelays });
      },
    })),
  },
  {
    what: 'unhealthy tasks of services stay',
    where: 'service controller',
    invariant: 'L1',
    within: 100,
    seed: 80,
    parts: reacting(CONTROLLER, (commands) =>
      commands.filter(
        (command) => command.type !== 'StopServiceTasks' || command.reason !== FAILED_HEALTH_CHECKS_REASON,
      ),
    ),
  },
  {
    what: 'a deleted service keeps its tasks',
    where: 'service controller',
    invariant: 'L1',
    within: 25,
    seed: 1,
    parts: reacting(CONTROLLER, (commands, state) =>
      commands.filter(
        (command) =>
          command.type !== 'StopServiceTasks' || state.services.get(command.serviceName)?.status !== 'DRAINING',
      ),
    ),
  },
  {
    what: 'a new service has no deployment',
    where: 'CreateService decider',
    invariant: 'S11',
    within: 25,
    seed: 1,
    parts: recording((events, _state, { type }) =>
      type === 'CreateService' ? events.filter((event) => event.type !== 'DeploymentStarted') : events,
    ),
  },
];

/** The writer's state has other services than the log. */
function readingSpecs(change: (spec: ServiceSpec) => ServiceSpec): PlantedBug['parts'] {
  return misreading((event): ClusterEvent => {
    if (event.type === 'ServiceCreated') return { ...event, spec: change(event.spec) };
    if (event.type === 'ServiceUpdated' && event.spec !== undefined) return { ...event, spec: change(event.spec) };
    return event;
  });
}

function withBreaker(spec: ServiceSpec, change: object): ServiceSpec {
  const { deploymentConfiguration } = spec;
  const { deploymentCircuitBreaker } = deploymentConfiguration;
  if (deploymentCircuitBreaker?.enable !== true) return spec;
  return {
    ...spec,
    deploymentConfiguration: {
      ...deploymentConfiguration,
      deploymentCircuitBreaker: { ...deploymentCircuitBreaker, ...change },
    },
  };
}
