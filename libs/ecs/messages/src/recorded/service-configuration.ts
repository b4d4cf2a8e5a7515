/* What the log keeps of how services and tasks are configured. */

export interface RecordedNetworkConfiguration {
  readonly awsvpcConfiguration?: RecordedAwsVpcConfiguration;
}

export interface RecordedCapacityProviderStrategyItem {
  readonly capacityProvider: string;
  readonly weight?: number;
  readonly base?: number;
}

export interface RecordedDeploymentConfiguration {
  readonly deploymentCircuitBreaker?: RecordedDeploymentCircuitBreaker;
  readonly maximumPercent: number;
  readonly minimumHealthyPercent: number;
  readonly alarms?: RecordedDeploymentAlarms;
  readonly strategy?: RecordedDeploymentStrategy;
  readonly bakeTimeInMinutes?: number;
  readonly lifecycleHooks?: readonly RecordedDeploymentLifecycleHook[];
  readonly linearConfiguration?: RecordedLinearConfiguration;
  readonly canaryConfiguration?: RecordedCanaryConfiguration;
  readonly earlySuccessCriteria?: RecordedDeploymentEarlySuccessCriteria;
}

export interface RecordedAwsVpcConfiguration {
  readonly subnets: readonly string[];
  readonly securityGroups?: readonly string[];
  readonly assignPublicIp?: RecordedAssignPublicIp;
}

export interface RecordedDeploymentCircuitBreaker {
  readonly enable: boolean;
  readonly rollback: boolean;
  readonly resetOnHealthyTask?: boolean;
  readonly thresholdConfiguration?: RecordedThresholdConfiguration;
}

export interface RecordedDeploymentAlarms {
  readonly alarmNames: readonly string[];
  readonly rollback: boolean;
  readonly enable: boolean;
}

export type RecordedDeploymentStrategy = 'BLUE_GREEN' | 'CANARY' | 'LINEAR' | 'ROLLING';

export interface RecordedDeploymentLifecycleHook {
  readonly targetType?: RecordedDeploymentLifecycleHookTargetType;
  readonly hookTargetArn?: string;
  readonly roleArn?: string;
  readonly lifecycleStages?: readonly RecordedDeploymentLifecycleHookStage[];
  readonly hookDetails?: unknown;
  readonly timeoutConfiguration?: RecordedDeploymentLifecycleHookTimeoutConfiguration;
}

export interface RecordedLinearConfiguration {
  readonly stepPercent?: number;
  readonly stepBakeTimeInMinutes?: number;
}

export interface RecordedCanaryConfiguration {
  readonly canaryPercent?: number;
  readonly canaryBakeTimeInMinutes?: number;
}

export interface RecordedDeploymentEarlySuccessCriteria {
  readonly enable: boolean;
  readonly healthyPercent?: number;
  readonly sourceServiceRevisionCleanup?: RecordedServiceRevisionCleanup;
}

export type RecordedAssignPublicIp = 'DISABLED' | 'ENABLED';

export interface RecordedThresholdConfiguration {
  readonly type: RecordedThresholdType;
  readonly value: number;
}

export type RecordedDeploymentLifecycleHookTargetType = 'AWS_LAMBDA' | 'PAUSE';

export type RecordedDeploymentLifecycleHookStage =
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_SCALE_UP'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'
  | 'PRE_SCALE_UP'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'RECONCILE_SERVICE'
  | 'TEST_TRAFFIC_SHIFT';

export interface RecordedDeploymentLifecycleHookTimeoutConfiguration {
  readonly timeoutInMinutes?: number;
  readonly action?: RecordedDeploymentLifecycleHookAction;
}

export type RecordedServiceRevisionCleanup = 'BLOCKING' | 'DEFERRED';

export type RecordedThresholdType = 'BOUNDED_PERCENT' | 'COUNT' | 'UNBOUNDED_PERCENT';

export type RecordedDeploymentLifecycleHookAction = 'CONTINUE' | 'ROLLBACK';
