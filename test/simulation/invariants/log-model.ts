import type {
  ClusterEvent,
  HealthStatus,
  InstanceResources,
  ServiceSpec,
  TaskDefinition,
  TaskStatus,
  TaskTemplate,
} from '#libs/contracts';
import { healthOf, needsOf } from './task-needs.ts';
import type { TaskNeeds } from './task-needs.ts';

/** A task as the log alone tells it. */
export interface ModelTask extends TaskNeeds {
  readonly taskId: string;
  readonly template: TaskTemplate;
  instanceId: string | null;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  /** When it was first recorded as RUNNING (ms). */
  runningSince: number | null;
  healthStatus: HealthStatus;
  /** When it was told to stop, or began to by itself (ms). */
  stopRequestedAt: number | null;
  stopCode: string | null;
  stoppedReason: string | null;
  /** Its own agent said that it is STOPPED, or nobody asked it: its instance was deregistered. */
  endedBy: 'agent' | 'deregistration' | null;
  /** Virtual time of its end (ms). */
  endedAt: number | null;
}

export interface ModelInstance {
  readonly instanceId: string;
  resources: InstanceResources;
  status: 'ACTIVE' | 'DRAINING' | 'DEREGISTERING' | 'INACTIVE';
  connected: boolean;
  /** Tasks placed here and not STOPPED. */
  readonly tasks: Set<ModelTask>;
}

export interface ModelService {
  readonly serviceName: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  spec: ServiceSpec;
  desiredCount: number;
  /** Newest first. */
  deployments: {
    readonly deploymentId: string;
    readonly taskDefinitionArn: string;
    state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  }[];
  /** Tasks that are not STOPPED. */
  readonly tasks: Set<ModelTask>;
  /** The controller starts nothing before this moment (ms). */
  delayedUntil: number;
}

/**
 * A second, naive fold of a cluster's log, sharing no code with the product: what the checks compare everything with.
 * It applies whatever it is given; the checks look before and after.
 */
export class LogModel {
  readonly tasks = new Map<string, ModelTask>();
  readonly instances = new Map<string, ModelInstance>();
  readonly services = new Map<string, ModelService>();
  readonly taskDefinitions = new Map<string, TaskDefinition>();

  apply(event: ClusterEvent, at: number): void {
    this.#ofInstances(event);
    this.#ofTasks(event, at);
    this.#ofServices(event);
  }

  #ofInstances(event: ClusterEvent): void {
    switch (event.type) {
      case 'ContainerInstanceRegistered':
        this.instances.set(event.instanceId, {
          instanceId: event.instanceId,
          resources: event.resources,
          status: 'ACTIVE',
          connected: true,
          tasks: new Set(),
        });
        break;
      case 'ContainerInstanceConnected':
        this.#instance(event.instanceId, (instance) => {
          instance.connected = true;
          instance.resources = event.resources ?? instance.resources;
        });
        break;
      case 'ContainerInstanceDisconnected':
        this.#instance(event.instanceId, (instance) => void (instance.connected = false));
        break;
      case 'ContainerInstanceStatusChanged':
        this.#instance(event.instanceId, (instance) => void (instance.status = event.status));
        break;
      case 'ContainerInstanceDeregistered':
        this.#instance(event.instanceId, (instance) => {
          instance.status = 'INACTIVE';
          instance.connected = false;
        });
        break;
      default:
    }
  }

  #ofTasks(event: ClusterEvent, at: number): void {
    switch (event.type) {
      case 'TaskDefinitionImported':
        this.taskDefinitions.set(event.taskDefinition.taskDefinitionArn, event.taskDefinition);
        break;
      case 'TasksRequested':
        for (const taskId of event.taskIds) this.#request(taskId, event.template);
        break;
      case 'TasksPlaced':
        for (const { taskId, instanceId } of event.placements) this.#place(taskId, instanceId);
        break;
      case 'TasksPlacementFailed':
        for (const taskId of event.taskIds) this.#drop(taskId);
        break;
      case 'TaskStateChanged':
        this.#report(event, at);
        break;
      case 'TaskStopRequested':
        this.#task(event.taskId, (task) => {
          task.desiredStatus = 'STOPPED';
          task.stopRequestedAt ??= at;
          task.stopCode ??= event.stopCode;
          task.stoppedReason ??= event.stoppedReason;
        });
        break;
      case 'TaskStopped':
        this.#task(event.taskId, (task) => {
          task.stopCode ??= event.stopCode;
          task.stoppedReason ??= event.stoppedReason;
          this.#end(task, 'deregistration', at);
        });
        break;
      case 'TasksForgotten':
        for (const taskId of event.taskIds) this.tasks.delete(taskId);
        break;
      default:
    }
  }

  #ofServices(event: ClusterEvent): void {
    switch (event.type) {
      case 'ServiceCreated':
        this.services.set(event.serviceName, {
          serviceName: event.serviceName,
          status: 'ACTIVE',
          spec: event.spec,
          desiredCount: event.desiredCount,
          deployments: [],
          tasks: new Set(),
          delayedUntil: 0,
        });
        break;
      case 'ServiceUpdated':
        this.#service(event.serviceName, (service) => {
          service.desiredCount = event.desiredCount ?? service.desiredCount;
          service.spec = event.spec ?? service.spec;
        });
        break;
      case 'DeploymentStarted':
        this.#service(event.serviceName, (service) => {
          const { deploymentId, taskDefinitionArn } = event;
          service.deployments.unshift({ deploymentId, taskDefinitionArn, state: 'IN_PROGRESS' });
          service.delayedUntil = 0;
        });
        break;
      case 'DeploymentCompleted':
      case 'DeploymentFailed':
        this.#service(event.serviceName, ({ deployments }) => {
          const settled = deployments.find(({ deploymentId }) => deploymentId === event.deploymentId);
          if (settled !== undefined) settled.state = event.type === 'DeploymentFailed' ? 'FAILED' : 'COMPLETED';
        });
        break;
      case 'DeploymentRetired':
        this.#service(event.serviceName, (service) => {
          service.deployments = service.deployments.filter(({ deploymentId }) => deploymentId !== event.deploymentId);
        });
        break;
      case 'ServiceStartsDelayed':
        this.#service(event.serviceName, (service) => void (service.delayedUntil = event.until));
        break;
      case 'ServiceDeletionRequested':
        this.#service(event.serviceName, (service) => {
          service.status = 'DRAINING';
          service.desiredCount = 0;
        });
        break;
      case 'ServiceDeleted':
        this.#service(event.serviceName, (service) => void (service.status = 'INACTIVE'));
        break;
      default:
    }
  }

  #request(taskId: string, template: TaskTemplate): void {
    const definition = this.taskDefinitions.get(template.taskDefinitionArn);
    const task: ModelTask = {
      taskId,
      template,
      ...needsOf(definition),
      instanceId: null,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      runningSince: null,
      healthStatus: 'UNKNOWN',
      stopRequestedAt: null,
      stopCode: null,
      stoppedReason: null,
      endedBy: null,
      endedAt: null,
    };
    this.tasks.set(taskId, task);
    if (template.serviceName !== undefined) this.services.get(template.serviceName)?.tasks.add(task);
  }

  #place(taskId: string, instanceId: string): void {
    this.#task(taskId, (task) => {
      task.instanceId = instanceId;
      task.lastStatus = 'PENDING';
      this.instances.get(instanceId)?.tasks.add(task);
    });
  }

  #drop(taskId: string): void {
    this.#task(taskId, (task) => {
      if (task.template.serviceName !== undefined) this.services.get(task.template.serviceName)?.tasks.delete(task);
      this.tasks.delete(taskId);
    });
  }

  #report(
    { report, lastStatus, stopCode, stoppedReason }: Extract<ClusterEvent, { type: 'TaskStateChanged' }>,
    at: number,
  ): void {
    this.#task(report.taskId, (task) => {
      task.lastStatus = lastStatus;
      if (lastStatus === 'RUNNING' || report.startedAt !== undefined) task.runningSince ??= at;
      task.healthStatus = healthOf(this.taskDefinitions.get(task.template.taskDefinitionArn), report.containers);
      task.stopCode ??= stopCode ?? null;
      task.stoppedReason ??= stoppedReason ?? null;
      if (lastStatus === 'STOPPING') {
        task.desiredStatus = 'STOPPED';
        task.stopRequestedAt ??= at;
      }
      if (lastStatus === 'STOPPED') this.#end(task, 'agent', at);
    });
  }

  #end(task: ModelTask, endedBy: 'agent' | 'deregistration', at: number): void {
    task.lastStatus = 'STOPPED';
    task.desiredStatus = 'STOPPED';
    task.endedBy = endedBy;
    task.endedAt = at;
    if (task.instanceId !== null) this.instances.get(task.instanceId)?.tasks.delete(task);
    if (task.template.serviceName !== undefined) this.services.get(task.template.serviceName)?.tasks.delete(task);
  }

  #task(taskId: string, change: (task: ModelTask) => void): void {
    const task = this.tasks.get(taskId);
    if (task !== undefined) change(task);
  }

  #instance(instanceId: string, change: (instance: ModelInstance) => void): void {
    const instance = this.instances.get(instanceId);
    if (instance !== undefined) change(instance);
  }

  #service(serviceName: string, change: (service: ModelService) => void): void {
    const service = this.services.get(serviceName);
    if (service !== undefined) change(service);
  }
}
