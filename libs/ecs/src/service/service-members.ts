import type {
  CreateService,
  DeploymentConfiguration,
  Opaque,
  PlacementConstraint,
  PlacementStrategy,
  Rejection,
  TaskDefinition,
} from '#libs/contracts';
import { invalidParameter } from '../shared/rejections.ts';
import { checkNetwork } from '../task/standalone-task.ts';
import { checkPlacement } from '../task/placement-rules.ts';
import { checkDeploymentConfiguration } from './deployment-configuration.ts';
import { HEALTH_CHECK_GRACE_PERIOD_SECONDS_MAX, TASKS_A_SERVICE_MAX } from './service-limits.ts';
import { unsupported } from './service-rejections.ts';

const PROPAGATE_TAGS = ['TASK_DEFINITION', 'SERVICE', 'NONE'];

/**
 * Members of CreateService and UpdateService that this version does not act on. Tasks would run otherwise than asked for,
 * so they are refused; what says "none" or "off" is not.
 */
const NOT_OFFERED = [
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'platformVersion',
  'role',
];

/** What a service consists of once a request is applied. */
export interface ServiceMembers {
  readonly desiredCount: number;
  readonly networkConfiguration: Opaque | undefined;
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly placementStrategy: readonly PlacementStrategy[];
  readonly healthCheckGracePeriodSeconds: number | undefined;
  readonly propagateTags: string;
  readonly availabilityZoneRebalancing: string;
  readonly deploymentConfiguration: DeploymentConfiguration;
}

/** Checks the members that creation and update share. */
export function checkServiceMembers(members: ServiceMembers, taskDefinition: TaskDefinition): Rejection | null {
  return (
    checkDesiredCount(members.desiredCount) ??
    checkPlacement(members.placementConstraints, members.placementStrategy, taskDefinition) ??
    checkNetwork(taskDefinition, members.networkConfiguration) ??
    checkGracePeriod(members.healthCheckGracePeriodSeconds, taskDefinition) ??
    checkPropagateTags(members.propagateTags) ??
    checkRebalancing(members.availabilityZoneRebalancing) ??
    checkDeploymentConfiguration(members.deploymentConfiguration)
  );
}

/** Refuses what this version would have to leave out. */
export function checkOffered(command: object): Rejection | null {
  for (const [member, value] of Object.entries(command)) {
    if (NOT_OFFERED.includes(member) && !saysNone(value)) return unsupported(`The service member ${member}`);
  }
  return null;
}

function saysNone(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && 'enabled' in value && value.enabled === false;
}

/** Only the rolling update of the ECS controller, and only as many tasks as asked for. */
export function checkKindOfService({ schedulingStrategy, deploymentController }: CreateService): Rejection | null {
  const controller = deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') return unsupported(`The deployment controller ${controller}`);
  if (schedulingStrategy === 'DAEMON') return unsupported('The scheduling strategy DAEMON');
  if (schedulingStrategy !== undefined && schedulingStrategy !== 'REPLICA') {
    return invalidParameter(`Invalid scheduling strategy: ${schedulingStrategy}.`);
  }
  return null;
}

function checkDesiredCount(desiredCount: number): Rejection | null {
  if (Number.isInteger(desiredCount) && desiredCount >= 0 && desiredCount <= TASKS_A_SERVICE_MAX) return null;
  return invalidParameter(`desiredCount must be between 0 and ${TASKS_A_SERVICE_MAX}.`);
}

/** Without anything that could fail in the meantime a grace period is a mistake. */
function checkGracePeriod(seconds: number | undefined, { containerDefinitions }: TaskDefinition): Rejection | null {
  if (seconds === undefined || seconds === 0) return null;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > HEALTH_CHECK_GRACE_PERIOD_SECONDS_MAX) {
    return invalidParameter(
      `healthCheckGracePeriodSeconds must be between 0 and ${HEALTH_CHECK_GRACE_PERIOD_SECONDS_MAX}.`,
    );
  }
  if (containerDefinitions.some(({ healthCheck }) => healthCheck !== undefined)) return null;
  return invalidParameter('Health check grace period is only valid for services configured to use load balancers');
}

function checkPropagateTags(propagateTags: string): Rejection | null {
  if (PROPAGATE_TAGS.includes(propagateTags)) return null;
  return invalidParameter(`Invalid propagateTags value: ${propagateTags}.`);
}

function checkRebalancing(rebalancing: string): Rejection | null {
  if (rebalancing === 'DISABLED') return null;
  return rebalancing === 'ENABLED'
    ? unsupported('Availability Zone rebalancing')
    : invalidParameter(`Invalid availabilityZoneRebalancing value: ${rebalancing}.`);
}
