import type {
  AvailabilityZoneRebalancing,
  CapacityProviderStrategyItem,
  DeploymentConfiguration,
  DeploymentController,
  LaunchType,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
  PropagateTags,
  SchedulingStrategy,
  Tag,
  VolumeConfiguration,
} from '../model.ts';
import type { ServiceMessageKind } from './events.ts';
import type { ResolvedTaskDefinition, Unresolved } from '../task/commands.ts';

export interface CreateService {
  readonly type: 'CreateService';
  readonly serviceName: string;
  readonly resolved: ResolvedTaskDefinition | Unresolved;
  readonly desiredCount?: number;
  readonly launchType?: LaunchType;
  readonly platformVersion?: string;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly networkConfiguration?: NetworkConfiguration;
  readonly volumeConfigurations?: readonly VolumeConfiguration[];
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  readonly schedulingStrategy?: SchedulingStrategy;
  readonly deploymentConfiguration?: Partial<DeploymentConfiguration>;
  readonly deploymentController?: DeploymentController;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: PropagateTags;
  readonly enableExecuteCommand?: boolean;
  readonly availabilityZoneRebalancing?: AvailabilityZoneRebalancing;
  readonly tags?: readonly Tag[];
  readonly clientToken?: string;
  /** With clientToken: equal for requests that were sent with equal members, tags aside. */
  readonly requestHash?: string;
}

export interface UpdateService {
  readonly type: 'UpdateService';
  readonly serviceName: string;
  readonly deploymentController?: DeploymentController;
  readonly resolved?: ResolvedTaskDefinition | Unresolved;
  readonly desiredCount?: number;
  readonly forceNewDeployment?: boolean;
  readonly platformVersion?: string;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly networkConfiguration?: NetworkConfiguration;
  readonly volumeConfigurations?: readonly VolumeConfiguration[];
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  readonly deploymentConfiguration?: Partial<DeploymentConfiguration>;
  readonly healthCheckGracePeriodSeconds?: number;
  readonly enableECSManagedTags?: boolean;
  readonly propagateTags?: PropagateTags;
  readonly enableExecuteCommand?: boolean;
  readonly availabilityZoneRebalancing?: AvailabilityZoneRebalancing;
}

export interface DeleteService {
  readonly type: 'DeleteService';
  readonly serviceName: string;
  readonly force: boolean;
}

/** Service controller: make this many tasks of a deployment. */
export interface StartServiceTasks {
  readonly type: 'StartServiceTasks';
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly count: number;
}

/** Service controller: stop these tasks of one service. */
export interface StopServiceTasks {
  readonly type: 'StopServiceTasks';
  readonly serviceName: string;
  readonly taskIds: readonly string[];
  readonly cause: 'SCALING' | 'HEALTH_CHECK';
  readonly reason: string;
}

/** Service controller: a deployment has come to its end, or an old one has no tasks left. */
export interface SettleDeployment {
  readonly type: 'SettleDeployment';
  readonly serviceName: string;
  readonly deploymentId: string;
  readonly outcome: 'COMPLETED' | 'FAILED' | 'RETIRED';
  readonly reason?: string;
}

/** Service controller: circuit breaker with rollback; a new deployment of an earlier task definition revision. */
export interface RollBackService {
  readonly type: 'RollBackService';
  readonly serviceName: string;
  readonly failedDeploymentId: string;
}

/** Service controller: every task of a draining service is gone. */
export interface CloseService {
  readonly type: 'CloseService';
  readonly serviceName: string;
}

/** Service controller: something that DescribeServices should show. The text follows the `(service NAME) ` prefix. */
export interface PostServiceMessage {
  readonly type: 'PostServiceMessage';
  readonly serviceName: string;
  readonly kind: ServiceMessageKind;
  readonly deploymentId?: string;
  readonly message: string;
}

export type ServiceCommand =
  | CreateService
  | UpdateService
  | DeleteService
  | StartServiceTasks
  | StopServiceTasks
  | SettleDeployment
  | RollBackService
  | CloseService
  | PostServiceMessage;
