import type { ClusterEvent, RollBackService, ServiceSpec, SettleDeployment, TaskDefinition } from '#libs/ecs/messages';
import { accept, reject } from '#libs/kernel';
import type { DecisionContext } from '#libs/kernel';
import type { ClusterState, CompletedDeployment } from '../cluster-state.ts';
import { invalidParameter } from '../shared/rejections.ts';
import type { ClusterDecision } from '../shared/outcome.ts';
import { platformVersionOf } from '../task/fargate-platform.ts';
import { findActiveService, findService } from './service-rejections.ts';
import { rolloutReasons } from './service-texts.ts';
import { taskDefinitionOfDeployment } from './task-template.ts';

/** A new deployment's id. Opaque to clients; startedBy of its tasks. */
export function newDeploymentId({ ids }: DecisionContext): string {
  return `ecs-svc/${ids.digits19()}`;
}

/** The fact that a revision becomes the PRIMARY deployment of a service. */
export function deploymentStarted(
  serviceName: string,
  launchType: string,
  taskDefinition: TaskDefinition,
  context: DecisionContext,
): ClusterEvent {
  const deploymentId = newDeploymentId(context);
  return {
    type: 'DeploymentStarted',
    v: 1,
    serviceName,
    deploymentId,
    taskDefinitionArn: taskDefinition.taskDefinitionArn,
    ...platformOf(launchType, taskDefinition),
    hasHealthCheck: hasHealthCheck(taskDefinition),
    reason: rolloutReasons.inProgress(deploymentId),
  };
}

function platformOf(launchType: string, taskDefinition: TaskDefinition): { readonly platformVersion?: string } {
  return launchType === 'FARGATE' ? { platformVersion: platformVersionOf(taskDefinition) } : {};
}

/** Only checks of essential containers say anything about a task. */
function hasHealthCheck({ containerDefinitions }: TaskDefinition): boolean {
  return containerDefinitions.some(({ essential, healthCheck }) => essential && healthCheck !== undefined);
}

/** Ends a deployment that is in progress, or takes an older one that wants no task any more off the list. */
export function decideSettleDeployment(state: ClusterState, command: SettleDeployment): ClusterDecision {
  const { serviceName, deploymentId, outcome } = command;
  const found = findService(state, serviceName);
  if (found.kind === 'rejected') return found;
  const { deployments } = found.service;
  const deployment = deployments.find((one) => one.deploymentId === deploymentId);
  if (deployment === undefined) return reject(invalidParameter(`Deployment ${deploymentId} not found.`));
  const isPrimary = deployment === deployments[0];
  if (outcome === 'RETIRED') {
    if (isPrimary) return reject(invalidParameter(`Deployment ${deploymentId} is the primary one.`));
    if (deployment.pendingCount + deployment.runningCount > 0) {
      return reject(invalidParameter(`Deployment ${deploymentId} has tasks.`));
    }
    return accept({ type: 'DeploymentRetired', v: 1, serviceName, deploymentId });
  }
  if (!isPrimary || deployment.rolloutState !== 'IN_PROGRESS') return accept();
  if (outcome === 'COMPLETED') {
    const reason = command.reason ?? rolloutReasons.completed(deploymentId);
    return accept({ type: 'DeploymentCompleted', v: 1, serviceName, deploymentId, reason });
  }
  const reason = command.reason ?? rolloutReasons.failed;
  return accept({ type: 'DeploymentFailed', v: 1, serviceName, deploymentId, reason });
}

/**
 * After a failed deployment: a new one of what the last COMPLETED deployment ran. Without one, or when the failed
 * deployment was a rollback itself, there is nothing to go back to.
 */
export function decideRollBackService(
  state: ClusterState,
  { serviceName, failedDeploymentId }: RollBackService,
  context: DecisionContext,
): ClusterDecision {
  const found = findActiveService(state, serviceName, context.at);
  if (found.kind === 'rejected') return found;
  const { spec, deployments, lastCompleted } = found.service;
  const failed = deployments[0];
  if (failed?.deploymentId !== failedDeploymentId || failed.rolloutState !== 'FAILED') {
    return reject(invalidParameter(`Deployment ${failedDeploymentId} is not the primary one, or has not failed.`));
  }
  if (lastCompleted === null || failed.rollbackOf !== null) {
    return reject(invalidParameter(`There is nothing to roll ${failedDeploymentId} back to.`));
  }
  const { taskDefinitionArn, taskDefinitionTags, imageDigests } = lastCompleted;
  const deploymentId = newDeploymentId(context);
  const taskDefinition = taskDefinitionOfDeployment(state, taskDefinitionArn);
  const rolledBack = specOfRollback(spec, lastCompleted);
  const events: ClusterEvent[] = [
    {
      type: 'ServiceUpdated',
      v: 1,
      serviceName,
      spec: rolledBack,
      taskDefinitionTags,
    },
    {
      type: 'DeploymentStarted',
      v: 1,
      serviceName,
      deploymentId,
      taskDefinitionArn,
      ...platformOf(rolledBack.launchType, taskDefinition),
      hasHealthCheck: hasHealthCheck(taskDefinition),
      reason: rolloutReasons.rollingBack(deploymentId),
      rollbackOf: failedDeploymentId,
    },
  ];
  // What ran before runs again, even where its tags mean something else by now.
  if (imageDigests !== null) {
    events.push({ type: 'DeploymentImagesResolved', v: 1, serviceName, deploymentId, imageDigests });
  }
  return accept(...events);
}

function specOfRollback(
  spec: ServiceSpec,
  { taskDefinitionArn, networkConfiguration, volumeConfigurations, launch }: CompletedDeployment,
): ServiceSpec {
  const { capacityProviderStrategy: _strategy, platformVersion: _version, ...others } = spec;
  const rolledBack: { -readonly [Member in keyof ServiceSpec]: ServiceSpec[Member] } = {
    ...others,
    ...(launch ?? { launchType: 'EC2' }),
    taskDefinitionArn,
  };
  if (networkConfiguration === undefined) delete rolledBack.networkConfiguration;
  else rolledBack.networkConfiguration = networkConfiguration;
  if (volumeConfigurations === undefined) delete rolledBack.volumeConfigurations;
  else rolledBack.volumeConfigurations = volumeConfigurations;
  return rolledBack;
}
