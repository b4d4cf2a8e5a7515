import type {
  CreateService,
  PlacementStrategy,
  RecordedPlacementStrategy,
  ServiceSpec,
  UpdateService,
} from '#libs/ecs/messages';
import {
  recordedConstraint,
  recordedDeploymentConfiguration,
  recordedNetworkConfiguration,
  recordedStrategy,
} from '../shared/recorded.ts';
import { recordedVolumes } from '../task/volume-configurations.ts';
import { DEFAULT_DEPLOYMENT_CONFIGURATION, mergedConfiguration } from './deployment-configuration.ts';
import { defaultRebalancing } from './rebalancing.ts';

/** What a new service consists of: the request with the defaults of ECS. */
export function newServiceSpec(command: CreateService, taskDefinitionArn: string): ServiceSpec {
  const { networkConfiguration, healthCheckGracePeriodSeconds } = command;
  const volumeConfigurations = recordedVolumes(command.volumeConfigurations);
  const spec = {
    taskDefinitionArn,
    launchType: command.launchType ?? 'EC2',
    ...(networkConfiguration !== undefined && {
      networkConfiguration: recordedNetworkConfiguration(networkConfiguration),
    }),
    ...(volumeConfigurations !== undefined && { volumeConfigurations }),
    placementConstraints: (command.placementConstraints ?? []).map(recordedConstraint),
    placementStrategy: normalStrategy(command.placementStrategy ?? []),
    schedulingStrategy: 'REPLICA' as const,
    deploymentConfiguration: recordedDeploymentConfiguration(
      mergedConfiguration(DEFAULT_DEPLOYMENT_CONFIGURATION, command.deploymentConfiguration),
    ),
    ...(healthCheckGracePeriodSeconds === undefined ? {} : { healthCheckGracePeriodSeconds }),
    enableECSManagedTags: command.enableECSManagedTags ?? false,
    propagateTags: command.propagateTags ?? 'NONE',
    enableExecuteCommand: command.enableExecuteCommand ?? false,
  };
  return { ...spec, availabilityZoneRebalancing: command.availabilityZoneRebalancing ?? defaultRebalancing(spec) };
}

/** What a service consists of after an update. Members that are left out stay; empty lists take away. */
export function updatedServiceSpec(
  spec: ServiceSpec,
  command: UpdateService,
  taskDefinitionArn = spec.taskDefinitionArn,
): ServiceSpec {
  const networkConfiguration = command.networkConfiguration ?? spec.networkConfiguration;
  const healthCheckGracePeriodSeconds = command.healthCheckGracePeriodSeconds ?? spec.healthCheckGracePeriodSeconds;
  const { placementStrategy } = command;
  const { volumeConfigurations: before, ...others } = spec;
  const volumeConfigurations =
    command.volumeConfigurations === undefined ? before : recordedVolumes(command.volumeConfigurations);
  return {
    ...others,
    ...(volumeConfigurations !== undefined && { volumeConfigurations }),
    taskDefinitionArn,
    ...(networkConfiguration !== undefined && {
      networkConfiguration: recordedNetworkConfiguration(networkConfiguration),
    }),
    placementConstraints: command.placementConstraints?.map(recordedConstraint) ?? spec.placementConstraints,
    placementStrategy: placementStrategy === undefined ? spec.placementStrategy : normalStrategy(placementStrategy),
    deploymentConfiguration: recordedDeploymentConfiguration(
      mergedConfiguration(spec.deploymentConfiguration, command.deploymentConfiguration),
    ),
    ...(healthCheckGracePeriodSeconds === undefined ? {} : { healthCheckGracePeriodSeconds }),
    enableECSManagedTags: command.enableECSManagedTags ?? spec.enableECSManagedTags,
    propagateTags: command.propagateTags ?? spec.propagateTags,
    enableExecuteCommand: command.enableExecuteCommand ?? spec.enableExecuteCommand,
    availabilityZoneRebalancing: command.availabilityZoneRebalancing ?? spec.availabilityZoneRebalancing,
  };
}

/** ECS takes `host` and describes `instanceId`; tools that apply twice compare. */
function normalStrategy(strategy: readonly PlacementStrategy[]): readonly RecordedPlacementStrategy[] {
  return strategy.map((item) => recordedStrategy(item.field === 'host' ? { ...item, field: 'instanceId' } : item));
}
