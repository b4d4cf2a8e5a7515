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
import { LATEST_PLATFORM_VERSION } from '../task/fargate-platform.ts';
import type { CompletedDeployment } from '../cluster-state.ts';
import type { Launch } from '../task/launch.ts';
import { defaultRebalancing } from './rebalancing.ts';

/** What a new service consists of: the request with the defaults of ECS. */
export function newServiceSpec(command: CreateService, taskDefinitionArn: string, launch: Launch): ServiceSpec {
  const { networkConfiguration, healthCheckGracePeriodSeconds } = command;
  const volumeConfigurations = recordedVolumes(command.volumeConfigurations);
  const spec = {
    taskDefinitionArn,
    ...launchMembers(launch, command.platformVersion),
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

/** How tasks are launched; the strategy only where there is one, and a platform only where that is Fargate's. */
function launchMembers({ launchType, strategy }: Launch, platformVersion = LATEST_PLATFORM_VERSION) {
  return {
    launchType,
    ...(strategy.length > 0 && { capacityProviderStrategy: strategy }),
    ...(launchType === 'FARGATE' && { platformVersion }),
  };
}

/** How the tasks of a completed deployment were launched; EC2 goes without saying. */
export function completedLaunch({
  launchType,
  capacityProviderStrategy,
  platformVersion,
}: ServiceSpec): Pick<CompletedDeployment, 'launch'> {
  if (launchType === 'EC2') return {};
  return {
    launch: {
      launchType,
      ...(capacityProviderStrategy !== undefined && { capacityProviderStrategy }),
      ...(platformVersion !== undefined && { platformVersion }),
    },
  };
}

/** What a service consists of after an update. Members that are left out stay; empty lists take away. */
export function updatedServiceSpec(
  spec: ServiceSpec,
  command: UpdateService,
  taskDefinitionArn: string | undefined,
  launch: Launch,
): ServiceSpec {
  const networkConfiguration = command.networkConfiguration ?? spec.networkConfiguration;
  const healthCheckGracePeriodSeconds = command.healthCheckGracePeriodSeconds ?? spec.healthCheckGracePeriodSeconds;
  const { placementStrategy } = command;
  const { capacityProviderStrategy: _strategy, platformVersion, volumeConfigurations: before, ...others } = spec;
  const volumeConfigurations =
    command.volumeConfigurations === undefined ? before : recordedVolumes(command.volumeConfigurations);
  return {
    ...others,
    ...(volumeConfigurations !== undefined && { volumeConfigurations }),
    taskDefinitionArn: taskDefinitionArn ?? spec.taskDefinitionArn,
    ...launchMembers(launch, command.platformVersion ?? platformVersion),
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
