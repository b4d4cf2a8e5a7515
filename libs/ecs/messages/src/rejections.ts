/**
 * Every expected negative result of the ECS context. The table below is the only place where a code becomes an AWS error.
 *
 * ViewHalted: a view stopped at a fact that this version cannot fold, so what it would answer is unknown; never to be read as
 * "is not there". NamespaceNotFound: no Cloud Map namespace exists here.
 */
export type RejectionCode =
  | 'InvalidParameter'
  | 'ClientError'
  | 'ClusterNotFound'
  | 'ClusterContainsContainerInstances'
  | 'ClusterContainsServices'
  | 'ClusterContainsTasks'
  | 'ServiceNotFound'
  | 'ServiceNotActive'
  | 'TaskNotFound'
  | 'TargetNotFound'
  | 'ResourceNotFound'
  | 'AttributeLimitExceeded'
  | 'LimitExceeded'
  | 'Conflict'
  | 'PlatformUnknown'
  | 'Unsupported'
  | 'InstanceInactive'
  | 'SessionFenced'
  | 'WantedSetChanged'
  | 'ViewHalted'
  | 'NamespaceNotFound';

/** `message` is the text that ECS gives: clients match on it. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly message: string;
  /** Conflict only: the ARNs that the first request made. */
  readonly resourceIds?: readonly string[];
}

/** The AWS error type of each code. `ServerException` alone has HTTP status 500, all others 400. */
export const AWS_ERROR_TYPES: Readonly<Record<RejectionCode, string>> = {
  InvalidParameter: 'InvalidParameterException',
  ClientError: 'ClientException',
  ClusterNotFound: 'ClusterNotFoundException',
  ClusterContainsContainerInstances: 'ClusterContainsContainerInstancesException',
  ClusterContainsServices: 'ClusterContainsServicesException',
  ClusterContainsTasks: 'ClusterContainsTasksException',
  ServiceNotFound: 'ServiceNotFoundException',
  ServiceNotActive: 'ServiceNotActiveException',
  TaskNotFound: 'InvalidParameterException',
  TargetNotFound: 'TargetNotFoundException',
  ResourceNotFound: 'ResourceNotFoundException',
  AttributeLimitExceeded: 'AttributeLimitExceededException',
  LimitExceeded: 'LimitExceededException',
  Conflict: 'ConflictException',
  PlatformUnknown: 'PlatformUnknownException',
  Unsupported: 'UnsupportedFeatureException',
  InstanceInactive: 'ClientException',
  SessionFenced: 'ClientException',
  WantedSetChanged: 'ClientException',
  ViewHalted: 'ServerException',
  NamespaceNotFound: 'NamespaceNotFoundException',
};
