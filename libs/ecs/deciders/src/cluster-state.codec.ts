import type { RecordedTaskDefinition, RecordedTaskResources, TaskTemplate } from '#libs/ecs/messages';
import { assert, canonicalJson } from '#libs/kernel';
import type { StateCodec } from '#libs/kernel';
import { placementEngine } from '#libs/ecs/placement';
import type { TaskDemand } from '#libs/ecs/placement';
import type {
  ClientTokenState,
  ClusterState,
  DeploymentState,
  InstanceState,
  ServiceState,
  TaskState,
} from './cluster-state.ts';
import { addHost } from './container-instance/instance-host.ts';
import { fifoOf, itemsOf } from './shared/fifo.ts';
import { TemplatePool } from './task/template-pool.ts';

/** Members that are written otherwise than they are, or made anew. */
type Transformed =
  | 'instances'
  | 'inactiveInstanceIds'
  | 'taskDefinitions'
  | 'tasks'
  | 'unplacedTasks'
  | 'services'
  | 'inactiveServices'
  | 'clientTokens'
  | 'fruitlessTokens'
  | 'stoppedTaskIds'
  | 'placement'
  | 'templates';

type InstanceData = Omit<InstanceState, 'taskIds'> & { readonly taskIds: readonly string[] };
/** `template`: its place in the list of templates. */
type TaskData = Omit<TaskState, 'template' | 'demand'> & { readonly template: number };
/** What tasks of equal requests share. */
interface TemplateData {
  readonly template: TaskTemplate;
  readonly resources: RecordedTaskResources;
}
type DeploymentData = Omit<DeploymentState, 'unsettled'> & {
  readonly unsettled: readonly (readonly [taskId: string, healthyAt: number | null])[];
};
type ServiceData = Omit<ServiceState, 'deployments' | 'taskIds' | 'recentMessages'> & {
  readonly deployments: readonly DeploymentData[];
  readonly taskIds: readonly string[];
  readonly recentMessages: readonly (readonly [message: string, silentUntil: number])[];
};

/** Maps and Sets are lists in their order: the order of services, tasks and hosts settles ties. */
type ClusterData = Omit<ClusterState, Transformed> & {
  readonly instances: readonly InstanceData[];
  readonly inactiveInstanceIds: readonly string[];
  readonly taskDefinitions: readonly RecordedTaskDefinition[];
  /** Each once, by its content, in the order in which tasks name them. */
  readonly templates: readonly TemplateData[];
  readonly tasks: readonly TaskData[];
  readonly unplacedTasks: readonly (readonly [taskId: string, request: number])[];
  readonly services: readonly ServiceData[];
  readonly inactiveServices: readonly (readonly [serviceName: string, expiresAt: number])[];
  readonly clientTokens: readonly (readonly [token: string, ClientTokenState])[];
  readonly fruitlessTokens: readonly { readonly token: string; readonly at: number; readonly expiresAt: number }[];
  readonly stoppedTaskIds: readonly string[];
};

/** The state of a cluster's shard as plain data. Free resources and what tasks demand are derived and made anew. */
export const clusterStateCodec: StateCodec<ClusterState> = {
  version: 2,
  encode: encodeCluster,
  decode: (data) => decodeCluster(data as ClusterData),
};

function encodeCluster({ placement: _placement, templates: _templates, ...state }: ClusterState): ClusterData {
  const templates = new TemplateList();
  return {
    ...state,
    instances: Array.from(state.instances.values(), (instance) => ({ ...instance, taskIds: [...instance.taskIds] })),
    inactiveInstanceIds: [...state.inactiveInstanceIds],
    taskDefinitions: [...state.taskDefinitions.values()],
    tasks: Array.from(state.tasks.values(), (task) => encodeTask(task, templates.placeOf(task))),
    templates: templates.listed,
    unplacedTasks: [...state.unplacedTasks],
    services: Array.from(state.services.values(), encodeService),
    inactiveServices: [...state.inactiveServices],
    clientTokens: Array.from(state.clientTokens, ([token, known]) => [token, { ...known }]),
    fruitlessTokens: [...itemsOf(state.fruitlessTokens)],
    stoppedTaskIds: [...itemsOf(state.stoppedTaskIds)],
  };
}

/** Member by member: there are tens of thousands of tasks, and a copy that leaves members out is slow. */
function encodeTask(task: TaskState, template: number): TaskData {
  return {
    taskId: task.taskId,
    template,
    instanceId: task.instanceId,
    askedInstanceId: task.askedInstanceId,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    createdAt: task.createdAt,
    runningSince: task.runningSince,
    stoppedAt: task.stoppedAt,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    healthStatus: task.healthStatus,
    privateIpv4Address: task.privateIpv4Address,
    hasSettledImages: task.hasSettledImages,
    containers: task.containers,
    tags: task.tags,
    assignedVersion: task.assignedVersion,
    clientToken: task.clientToken,
  };
}

function encodeService(service: ServiceState): ServiceData {
  return {
    ...service,
    deployments: service.deployments.map((one) => ({ ...one, unsettled: [...one.unsettled] })),
    taskIds: [...service.taskIds],
    recentMessages: [...service.recentMessages],
  };
}

function decodeCluster({ templates, ...data }: ClusterData): ClusterState {
  const state: ClusterState = {
    ...data,
    // A text of JSON leaves out what is undefined.
    configuration: data.configuration,
    instances: new Map(data.instances.map((one) => [one.instanceId, { ...one, taskIds: new Set(one.taskIds) }])),
    inactiveInstanceIds: new Set(data.inactiveInstanceIds),
    taskDefinitions: new Map(data.taskDefinitions.map((one) => [one.taskDefinitionArn, one])),
    tasks: new Map(),
    unplacedTasks: new Map(data.unplacedTasks),
    services: new Map(data.services.map((one) => [one.serviceName, decodeService(one)])),
    inactiveServices: new Map(data.inactiveServices),
    clientTokens: new Map(data.clientTokens),
    fruitlessTokens: fifoOf(data.fruitlessTokens),
    stoppedTaskIds: fifoOf(data.stoppedTaskIds),
    placement: placementEngine(),
    templates: new TemplatePool(),
  };
  const pooled = templates.map(({ template, resources }) => {
    const taskDefinition = state.taskDefinitions.get(template.taskDefinitionArn);
    assert(taskDefinition !== undefined, `tasks were made from the unknown revision ${template.taskDefinitionArn}`);
    return state.templates.of(template, resources, taskDefinition);
  });
  for (const task of data.tasks) {
    const shared = pooled[task.template];
    assert(shared !== undefined, `task ${task.taskId} names the template ${task.template} of ${pooled.length}`);
    state.tasks.set(task.taskId, { ...task, ...shared });
  }
  holdResources(state);
  return state;
}

function decodeService(service: ServiceData): ServiceState {
  return {
    ...service,
    requestHash: service.requestHash,
    clientToken: service.clientToken,
    deployments: service.deployments.map((one) => ({ ...one, unsettled: new Map(one.unsettled) })),
    taskIds: new Set(service.taskIds),
    recentMessages: new Map(service.recentMessages),
  };
}

/** Placement as it was: hosts in the order of their registration, and what their tasks hold. */
function holdResources(state: ClusterState): void {
  for (const instance of state.instances.values()) {
    addHost(state, instance);
    for (const taskId of instance.taskIds) {
      const task = state.tasks.get(taskId);
      assert(task !== undefined, `instance ${instance.instanceId} holds the unknown task ${taskId}`);
      state.placement.reserve(instance.instanceId, taskId, task.demand, task.template.group);
    }
  }
}

/** Templates by their content: who shares one in memory does not matter. */
class TemplateList {
  readonly listed: TemplateData[] = [];
  /** Places that were looked up before; a shortcut. */
  readonly #known = new Map<TaskTemplate, { readonly demand: TaskDemand; readonly place: number }>();
  readonly #placesByText = new Map<string, number>();

  placeOf({ template, demand }: TaskState): number {
    const known = this.#known.get(template);
    if (known !== undefined && known.demand === demand) return known.place;
    const { cpu, memory, tcpPorts, udpPorts, devices } = demand;
    const resources = { cpu, memory, tcpPorts, udpPorts, ...(devices !== undefined && { devices }) };
    const text = canonicalJson({ template, resources });
    let place = this.#placesByText.get(text);
    if (place === undefined) {
      place = this.listed.push({ template, resources }) - 1;
      this.#placesByText.set(text, place);
    }
    this.#known.set(template, { demand, place });
    return place;
  }
}
