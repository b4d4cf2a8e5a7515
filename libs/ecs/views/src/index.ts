export type { LogCommit, LogEvent } from './view/commit-view.ts';
export { ViewDirectory } from './view/view-directory.ts';

export { deletedServiceOutput } from './output/service.output.ts';
export { startedTaskOutput } from './output/task.output.ts';
export { outputText } from './output/wire.ts';

export type { QueryResult } from './queries/answer.ts';
export { listAccountSettings } from './queries/account-setting.queries.ts';
export { describeClusters, listClusters } from './queries/cluster.queries.ts';
export {
  describeContainerInstances,
  describeHost,
  listAttributes,
  listContainerInstances,
} from './queries/container-instance.queries.ts';
export { clusterArnOf, clusterNameOf, DEFAULT_CLUSTER_NAME } from './queries/resolve-cluster.ts';
export { resolveCluster, resolveDescribedCluster } from './queries/resolve-cluster.ts';
export type { ResolvedCluster } from './queries/resolve-cluster.ts';
export { instanceIdIn, serviceNameIn, taskIdIn } from './queries/resolve-in-cluster.ts';
export {
  readTaskDefinitionNames,
  resolveTaskDefinition,
  resolveTaskDefinitionRevision,
} from './queries/resolve-task-definition.ts';
export { describeServices, listServices, listServicesByNamespace } from './queries/service.queries.ts';
export { findTaggedResource } from './queries/tags.queries.ts';
export type { TaggedResource } from './queries/tags.queries.ts';
export {
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
} from './queries/task-definition.queries.ts';
export { describeTasks, listTasks } from './queries/task.queries.ts';

export { EcsPublicEvents } from './public-events/public-events.ts';

export { audit } from './audit/audit.ts';
export { historySubject } from './history/history-subject.ts';
export type { HistorySubject } from './history/history-subject.ts';
export { HistoryFold, historyOf } from './history/history.ts';
