export type {
  ClientTokenState,
  ClusterState,
  DeploymentState,
  InstanceState,
  ServiceState,
  TaskState,
} from './cluster-state.ts';
