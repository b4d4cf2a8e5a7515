import type { Attribute, ClusterEvent, TaskDefinition, TaskStateChanged, TaskTemplate } from '#libs/ecs/messages';
import type { ModelInstance, ModelService, ModelTask } from './model-records.ts';
import { healthOf, needsOf } from './task-needs.ts';

/** How the agents say that the engine does not start a container, for good. */
const START_REFUSED = 'CannotStartContainerError';

/**
 * A second, naive fold of a cluster's log, sharing no code with the product: what the checks compare everything with.
 * It applies whatever it is given; the checks look before and after.
 */
export class LogModel {
  #now = 0;
  readonly tasks = new Map<string, ModelTask>();
  readonly instances = new Map<string, ModelInstance>();
  readonly services = new Map<string, ModelService>();
  readonly taskDefinitions = new Map<string, TaskDefinition>();

  /**
   * @param at the log's time (ms)
   * @param now virtual time (ms), which clocks that are wrong do not move
   */
  apply(event: ClusterEvent, at: number, now: number): void {
    this.#now = now;
    this.#ofInstances(event, at);
    this.#ofTasks(event, at);
    this.#ofServices(event, at);
  }

  #ofInstances(event: ClusterEvent, at: number): void {
    switch (event.type) {
      case 'ContainerInstanceRegistered':
        this.instances.set(event.containerInstanceId, {
          instanceId: event.containerInstanceId,
          sessionId: event.sessionId,
          resources: event.resources,
          attributes: byName(event.attributes),
          status: 'ACTIVE',
          connected: true,
          launchTypes: event.launchTypes ?? LAUNCH_TYPES_DEFAULT,
          inactiveAt: null,
          tasks: new Set(),
        });
        break;
      case 'ContainerInstanceConnected':
        this.#instance(event.containerInstanceId, (instance) => {
          instance.connected = true;
          instance.sessionId = event.sessionId;
          instance.resources = event.resources ?? instance.resources;
          if (event.attributes !== undefined) instance.attributes = byName(event.attributes);
          instance.launchTypes = event.launchTypes ?? instance.launchTypes;
        });
        break;
      case 'ContainerInstanceDisconnected':
        this.#instance(event.containerInstanceId, (instance) => void (instance.connected = false));
        break;
      case 'ContainerInstanceStatusChanged':
        this.#instance(event.containerInstanceId, (instance) => void (instance.status = event.status));
        break;
      case 'ContainerInstanceDeregistered':
        this.#instance(event.containerInstanceId, (instance) => {
          instance.status = 'INACTIVE';
          instance.connected = false;
          instance.inactiveAt = at;
        });
        break;
      case 'AttributesPut':
        this.#instance(event.containerInstanceId, (instance) => {
          instance.attributes = new Map([...instance.attributes, ...byName(event.attributes)]);
        });
        break;
      case 'AttributesDeleted':
        this.#instance(event.containerInstanceId, (instance) => {
          instance.attributes = new Map([...instance.attributes].filter(([name]) => !event.names.includes(name)));
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
        event.taskIds.forEach((taskId, index) => {
          this.#request(taskId, event.template, event.clientToken?.token, event.containerInstanceIds?.[index]);
        });
        break;
      case 'TasksPlaced':
        for (const { taskId, containerInstanceId } of event.placements) {
          this.#place(taskId, containerInstanceId, event.lastStatus ?? 'PENDING');
        }
        break;
      case 'TaskPlacementFailed':
        for (const taskId of event.taskIds) this.#drop(taskId);
        break;
      case 'TaskStateChanged':
        this.#report(event, at);
        break;
      case 'TaskStopRequested':
        this.#task(event.taskId, (task) => {
          task.desiredStatus = 'STOPPED';
          task.stopRequestedAt ??= this.#now;
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

  #ofServices(event: ClusterEvent, at: number): void {
    switch (event.type) {
      case 'ServiceCreated':
        this.services.set(event.serviceName, {
          serviceName: event.serviceName,
          status: 'ACTIVE',
          spec: event.spec,
          desiredCount: event.desiredCount,
          deployments: [],
          lastCompletedArn: null,
          lastCompleted: null,
          deletedAt: null,
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
          const { deploymentId, taskDefinitionArn, rollbackOf = null } = event;
          service.deployments.unshift({
            deploymentId,
            taskDefinitionArn,
            rollbackOf,
            imageDigests: null,
            state: 'IN_PROGRESS',
          });
          service.delayedUntil = 0;
        });
        break;
      case 'DeploymentImagesResolved':
        this.#service(event.serviceName, ({ deployments }) => {
          const settled = deployments.find(({ deploymentId }) => deploymentId === event.deploymentId);
          if (settled !== undefined) settled.imageDigests = event.imageDigests;
        });
        break;
      case 'DeploymentCompleted':
      case 'DeploymentFailed':
        this.#service(event.serviceName, (service) => {
          const settled = service.deployments.find(({ deploymentId }) => deploymentId === event.deploymentId);
          if (settled === undefined) return;
          settled.state = event.type === 'DeploymentFailed' ? 'FAILED' : 'COMPLETED';
          if (settled.state !== 'COMPLETED') return;
          service.lastCompletedArn = settled.taskDefinitionArn;
          service.lastCompleted = settled;
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
        this.#service(event.serviceName, (service) => {
          service.status = 'INACTIVE';
          service.deletedAt = at;
        });
        break;
      default:
    }
  }

  #request(
    taskId: string,
    template: TaskTemplate,
    clientToken: string | undefined,
    askedInstanceId: string | undefined,
  ): void {
    const definition = this.taskDefinitions.get(template.taskDefinitionArn);
    const task: ModelTask = {
      taskId,
      template,
      ...needsOf(definition),
      clientToken: clientToken ?? null,
      askedInstanceId: askedInstanceId ?? null,
      instanceId: null,
      lastStatus: 'PROVISIONING',
      lastStatusSince: this.#now,
      address: null,
      imageDigests: new Map(),
      settledDigests: this.#settledDigests(template),
      desiredStatus: 'RUNNING',
      runningSince: null,
      healthStatus: 'UNKNOWN',
      stopRequestedAt: null,
      stopCode: null,
      stoppedReason: null,
      endedBy: null,
      endedAt: null,
      endSeenAt: null,
      refusedStarts: new Set(),
    };
    this.tasks.set(taskId, task);
    if (template.serviceName !== undefined) this.services.get(template.serviceName)?.tasks.add(task);
  }

  #settledDigests({ serviceName = '', deploymentId }: TaskTemplate): ModelTask['settledDigests'] {
    const { deployments = [] } = this.services.get(serviceName) ?? {};
    return deployments.find((one) => one.deploymentId === deploymentId)?.imageDigests ?? null;
  }

  #place(taskId: string, instanceId: string, lastStatus: 'PROVISIONING' | 'PENDING'): void {
    this.#task(taskId, (task) => {
      task.instanceId = instanceId;
      task.lastStatus = lastStatus;
      this.instances.get(instanceId)?.tasks.add(task);
    });
  }

  #drop(taskId: string): void {
    this.#task(taskId, (task) => {
      if (task.template.serviceName !== undefined) this.services.get(task.template.serviceName)?.tasks.delete(task);
      this.tasks.delete(taskId);
    });
  }

  #report(event: TaskStateChanged, at: number): void {
    const { taskId, lastStatus, startedAt, containers, stopCode, stoppedReason, networkInterface } = event;
    this.#task(taskId, (task) => {
      if (task.lastStatus !== lastStatus) task.lastStatusSince = this.#now;
      task.lastStatus = lastStatus;
      task.address = networkInterface?.privateIpv4Address ?? task.address;
      task.imageDigests = new Map(
        containers.flatMap(({ name, imageDigest }) =>
          imageDigest === undefined ? [] : [[name, imageDigest] as const],
        ),
      );
      task.refusedStarts = new Set(
        containers.flatMap(({ name, reason }) => (reason?.startsWith(START_REFUSED) === true ? [name] : [])),
      );
      if (lastStatus === 'RUNNING' || startedAt !== undefined) task.runningSince ??= at;
      task.healthStatus = healthOf(this.taskDefinitions.get(task.template.taskDefinitionArn), containers);
      task.stopCode ??= stopCode ?? null;
      task.stoppedReason ??= stoppedReason ?? null;
      if (lastStatus === 'STOPPING' || lastStatus === 'DEPROVISIONING') {
        task.desiredStatus = 'STOPPED';
        task.stopRequestedAt ??= this.#now;
      }
      if (lastStatus === 'STOPPED') this.#end(task, 'agent', at);
    });
  }

  #end(task: ModelTask, endedBy: 'agent' | 'deregistration', at: number): void {
    task.lastStatus = 'STOPPED';
    task.desiredStatus = 'STOPPED';
    task.endedBy = endedBy;
    task.endedAt = at;
    task.endSeenAt = this.#now;
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

/** Of a host that does not say. */
const LAUNCH_TYPES_DEFAULT = ['EC2', 'EXTERNAL'] as const;

function byName(attributes: readonly Attribute[]): ReadonlyMap<string, string> {
  return new Map(attributes.map(({ name, value }) => [name, value ?? '']));
}
