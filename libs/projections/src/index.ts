export { AccountView } from './view/account.view.ts';
export type { FamilyRecord, TaskDefinitionRecord } from './view/account.view.ts';
export { ClusterView } from './view/cluster.view.ts';
export type { LogCommit, LogEvent, ViewHalted, ViewOutcome } from './view/commit-view.ts';
export { PoisonEvent } from './view/poison-event.ts';
export type {
  ClusterRecord,
  DeploymentRecord,
  InstanceRecord,
  ServiceMessage,
  ServiceRecord,
  TaskCounts,
  TaskRecord,
  TaskResources,
} from './view/records.ts';
export { ENDED_RETENTION_SECONDS } from './view/retention.ts';
export { SERVICE_MESSAGES_MAX } from './view/service.fold.ts';
export { ViewDirectory } from './view/view-directory.ts';

export { clusterOutput } from './output/cluster.output.ts';
export type { ClusterField } from './output/cluster.output.ts';
export { containerInstanceOutput } from './output/container-instance.output.ts';
export { containerArn } from './output/container.output.ts';
export { serviceOutput } from './output/service.output.ts';
export { taskDefinitionOutput } from './output/task-definition.output.ts';
export { taskOutput } from './output/task.output.ts';
export { outputText } from './output/wire.ts';

export { awsErrorTypeOf } from './queries/answer.ts';
export type { Failure, QueryError, QueryRefusal, QueryResult } from './queries/answer.ts';
export type { Described, Listed } from './queries/describe.ts';
export { isQuery, queries, runQuery } from './queries/queries.ts';
export type { QueryName } from './queries/queries.ts';
export { DEFAULT_CLUSTER_NAME, findCluster, resolveCluster } from './queries/resolve-cluster.ts';
export type { ResolvedCluster } from './queries/resolve-cluster.ts';
export { resolveInstance, resolveService, resolveTask } from './queries/resolve-in-cluster.ts';
export type { ResolvedInstance } from './queries/resolve-in-cluster.ts';
export {
  parseTaskDefinitionIdentifier,
  resolveTaskDefinition,
  resolveTaskDefinitionRevision,
} from './queries/resolve-task-definition.ts';
export type { TaskDefinitionIdentifier } from './queries/resolve-task-definition.ts';

export { PublicEvent } from './public-events/public-event.ts';
export type { PublicEventFormat, PublicEventKind } from './public-events/public-event.ts';
export { publicEventsOf } from './public-events/public-events.ts';

export { historySubject, mayTell } from './history/history-subject.ts';
export type { HistorySubject } from './history/history-subject.ts';
export { HistoryFold, historyOf } from './history/history.ts';
export type { HistoryEntry } from './history/history.ts';
export { refusalWords } from './history/task.summaries.ts';
