export type { ClusterView } from './view/cluster.view.ts';
export type { LogCommit, LogEvent } from './view/commit-view.ts';
export { PoisonEvent } from './view/poison-event.ts';
export type { InstanceRecord, ServiceRecord, TaskRecord } from './view/records.ts';
export { ViewDirectory } from './view/view-directory.ts';

export { clusterOutput } from './output/cluster.output.ts';
export { containerInstanceOutput } from './output/container-instance.output.ts';
export { deletedServiceOutput, serviceOutput } from './output/service.output.ts';
export { taskOutput } from './output/task.output.ts';
export { outputText } from './output/wire.ts';

export { awsErrorTypeOf } from './queries/answer.ts';
export type { QueryError, QueryResult } from './queries/answer.ts';
export { isQuery, queries, runQuery } from './queries/queries.ts';
export { DEFAULT_CLUSTER_NAME, resolveCluster, resolveDescribedCluster } from './queries/resolve-cluster.ts';
export { resolveInstance, resolveService, resolveTask } from './queries/resolve-in-cluster.ts';
export {
  findTaskDefinitionToDelete,
  resolveTaskDefinition,
  resolveTaskDefinitionRevision,
} from './queries/resolve-task-definition.ts';

export { EcsPublicEvents } from './public-events/public-events.ts';

export { historySubject } from './history/history-subject.ts';
export type { HistorySubject } from './history/history-subject.ts';
export { HistoryFold, historyOf } from './history/history.ts';
export type { HistoryEntry } from './history/history.ts';
