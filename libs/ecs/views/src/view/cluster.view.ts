import { CLUSTER_EVENTS } from '#libs/ecs/messages';
import type { ClusterEvent, RecordedTaskDefinition } from '#libs/ecs/messages';
import { foldClusterEvent } from './cluster.fold.ts';
import { CommitView } from './commit-view.ts';
import type {
  ClusterRecord,
  ClusterRecords,
  EndedRecord,
  InstanceRecord,
  ServiceRecord,
  TaskCounts,
  TaskRecord,
} from './records.ts';
import { RetentionQueue } from './retention.ts';
import { TemplatePool } from './template-pool.ts';

/** One cluster's shard: the cluster, its container instances, tasks and services. */
export class ClusterView extends CommitView<ClusterEvent> implements ClusterRecords {
  cluster: ClusterRecord | null = null;
  wasCreated = false;
  readonly instances = new Map<string, InstanceRecord>();
  readonly tasks = new Map<string, TaskRecord>();
  readonly services = new Map<string, ServiceRecord>();
  readonly taskDefinitions = new Map<string, RecordedTaskDefinition>();
  readonly counts = new Map<string, TaskCounts>();
  readonly ended = new RetentionQueue<EndedRecord>();
  readonly templates = new TemplatePool();
  ordinals = 0;

  constructor(shard: string) {
    super(shard, CLUSTER_EVENTS);
  }

  override viewContent(): object {
    return {
      shard: this.shard,
      revision: this.revision,
      cluster: this.cluster,
      instances: Array.from(this.instances.values(), withTaskIds),
      tasks: Array.from(this.tasks.values(), taskContent),
      services: Array.from(this.services.values(), withTaskIds),
      taskDefinitions: this.taskDefinitions,
      counts: this.counts,
      ended: this.ended.size,
      ordinals: this.ordinals,
    };
  }

  protected override applyEvent(event: ClusterEvent, at: number): void {
    foldClusterEvent(event, this, at);
  }

  protected override timePassed(at: number): void {
    for (const { kind, record } of this.ended.due(at)) {
      if (kind === 'cluster') {
        if (this.cluster === record) this.cluster = null;
      } else if (kind === 'container-instance') {
        if (this.instances.get(record.instanceId) === record) this.instances.delete(record.instanceId);
      } else if (this.services.get(record.serviceName) === record) {
        // The name may have been used again since.
        this.services.delete(record.serviceName);
      }
    }
  }
}

/** What was asked of a view is no part of what it holds; `canonicalJson` leaves members without a value out. */
const WITHOUT_CACHE = { cached: undefined } as const;

function withTaskIds(record: InstanceRecord | ServiceRecord): object {
  return { ...record, ...WITHOUT_CACHE, tasks: Array.from(record.tasks, (task) => task.taskId) };
}

/** A task with names in the place of the things that it points to. */
function taskContent(task: TaskRecord): object {
  return {
    ...task,
    ...WITHOUT_CACHE,
    instance: task.instance?.instanceId ?? null,
    service: task.service?.serviceName ?? null,
    deployment: task.deployment?.deploymentId ?? null,
    taskDefinition: task.taskDefinition.taskDefinitionArn,
  };
}
