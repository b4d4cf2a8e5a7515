import { isName } from '#libs/ecs/messages';
import type { CreateService, Rejection, UpdateService } from '#libs/ecs/messages';
import { checkStrategy } from '../shared/capacity-providers.ts';
import { checkClientToken, TOKEN_CHARACTERS_MAX } from '../shared/names.ts';
import { invalidParameter, unsupported } from '../shared/rejections.ts';
import { checkServed } from '../shared/served-members.ts';
import { checkTags } from '../shared/tags.ts';
import { checkLaunch } from '../task/launch.ts';
import { checkExecuteCommand } from '../task/standalone-task.ts';
import { checkDeploymentConfiguration } from './deployment-configuration.ts';
import { TASKS_PER_SERVICE_MAX } from './service-limits.ts';

/* What a request can be refused for by itself. ECS looks at this before it looks for the task definition. */

const PROPAGATE_TAGS = ['TASK_DEFINITION', 'SERVICE', 'NONE'];
const REBALANCING = ['ENABLED', 'DISABLED'];
const SCHEDULING_STRATEGIES = ['REPLICA', 'DAEMON'];

const BOTH_TEXT =
  'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.';

/** Members of CreateService and UpdateService that are acted on. Everything else must say "none" or "off". */
const SERVED: ReadonlySet<string> = new Set([
  'type',
  'serviceName',
  'resolved',
  'desiredCount',
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'volumeConfigurations',
  'placementConstraints',
  'placementStrategy',
  'schedulingStrategy',
  'deploymentConfiguration',
  'deploymentController',
  'forceNewDeployment',
  'healthCheckGracePeriodSeconds',
  'enableECSManagedTags',
  'propagateTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
  'tags',
  'clientToken',
  'requestHash',
]);

export function checkCreateServiceRequest(request: CreateService): Rejection | null {
  return (
    checkSchedulingStrategy(request) ??
    checkCount(request.desiredCount, 'DesiredCount') ??
    (request.desiredCount === undefined ? invalidParameter('DesiredCount is missing') : null) ??
    checkIdentity(request) ??
    checkLaunch(request, BOTH_TEXT) ??
    checkShared(request) ??
    checkTags(request.tags)
  );
}

export function checkUpdateServiceRequest(request: UpdateService): Rejection | null {
  return (
    checkCount(request.desiredCount, 'Task count') ??
    checkStrategy(request.capacityProviderStrategy ?? []) ??
    checkShared(request)
  );
}

function checkShared(request: CreateService | UpdateService): Rejection | null {
  const { deploymentController } = request;
  return (
    checkServed(request, SERVED, 'The service member') ??
    (deploymentController === undefined || deploymentController.type === 'ECS'
      ? null
      : unsupported(`The deployment controller ${deploymentController.type}`)) ??
    checkExecuteCommand(request.enableExecuteCommand) ??
    checkDeploymentConfiguration(request.deploymentConfiguration) ??
    checkOneOf('propagateTags', request.propagateTags, PROPAGATE_TAGS) ??
    checkOneOf('availabilityZoneRebalancing', request.availabilityZoneRebalancing, REBALANCING)
  );
}

/** Before the count is looked at: a DAEMON service has none. */
function checkSchedulingStrategy({ schedulingStrategy: strategy, ...request }: CreateService): Rejection | null {
  if (strategy === 'DAEMON') return checkDaemon(request);
  if (strategy === undefined || SCHEDULING_STRATEGIES.includes(strategy)) return null;
  return invalidParameter(`Scheduling strategy should be one of [${SCHEDULING_STRATEGIES.join(',')}]`);
}

/** What ECS refuses comes before what this version does not have. */
function checkDaemon({
  desiredCount,
  launchType,
  capacityProviderStrategy = [],
}: Pick<CreateService, 'desiredCount' | 'launchType' | 'capacityProviderStrategy'>): Rejection {
  if (desiredCount !== undefined) {
    return invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  }
  if (launchType === 'FARGATE' || capacityProviderStrategy.length > 0) {
    return invalidParameter(
      'The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again',
    );
  }
  return unsupported('The scheduling strategy DAEMON');
}

function checkCount(count: number | undefined, words: string): Rejection | null {
  if (count === undefined) return null;
  if (count < 0) return invalidParameter(`${words} can not be lesser than 0`);
  if (Number.isInteger(count) && count <= TASKS_PER_SERVICE_MAX) return null;
  return invalidParameter(`${words} must be a whole number of at most ${TASKS_PER_SERVICE_MAX}`);
}

function checkIdentity({ serviceName, clientToken }: CreateService): Rejection | null {
  if (!isName(serviceName)) {
    return invalidParameter('serviceName must have 1 to 255 characters: letters, digits, hyphens and underscores.');
  }
  if (clientToken !== undefined && clientToken.length > TOKEN_CHARACTERS_MAX) {
    return invalidParameter(`idempotency token longer than ${TOKEN_CHARACTERS_MAX}.`);
  }
  return checkClientToken(clientToken, TOKEN_CHARACTERS_MAX);
}

function checkOneOf(member: string, value: string | undefined, values: readonly string[]): Rejection | null {
  if (value === undefined || values.includes(value)) return null;
  return invalidParameter(`${member} should be one of [${values.join(',')}]`);
}
