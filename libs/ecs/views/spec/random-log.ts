import type { ClusterEvent } from '#libs/ecs/messages';
import type { LogCommit } from '../src/index.ts';
import { hexId, make, serviceTemplate, ShardLog, taskDefinition, template } from './log-builder.ts';

/** A task as the generator knows it: the oracle that views are compared with. */
export interface TrueTask {
  readonly taskId: string;
  readonly serviceName: string | null;
  readonly deploymentId: string | null;
  readonly cpu: number;
  readonly memory: number;
  readonly port: number | null;
  instanceId: string | null;
  lastStatus: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
}

interface TrueInstance {
  readonly instanceId: string;
  status: 'ACTIVE' | 'INACTIVE';
  connected: boolean;
}

interface TrueService {
  readonly serviceName: string;
  status: 'ACTIVE' | 'INACTIVE';
  /** Newest first. */
  deployments: string[];
}

export const REGISTERED = { cpu: 100_000, memory: 200_000, reservedTcpPorts: [22], reservedUdpPorts: [] } as const;

/** Two sizes of tasks, one of them with a fixed port. */
const SMALL = taskDefinition();
const LARGE = taskDefinition({
  family: 'large',
  cpu: '512',
  memory: '1024',
  containerDefinitions: [
    {
      name: 'app',
      image: 'x',
      cpu: 1,
      memory: 1,
      essential: true,
      portMappings: [{ hostPort: 8080, containerPort: 80 }],
      environment: [],
    },
  ],
});

const SMALL_RESOURCES = { cpu: 128, memory: 64, tcpPorts: [], udpPorts: [] };
const LARGE_RESOURCES = { cpu: 512, memory: 1024, tcpPorts: [8080], udpPorts: [] };

/** Writes a log in which everything is allowed, driven by arbitrary numbers, and remembers the truth. */
export class RandomLog {
  readonly log = ShardLog.ofCluster();
  readonly tasks = new Map<string, TrueTask>();
  readonly instances = new Map<string, TrueInstance>();
  readonly services = new Map<string, TrueService>();
  #ids = 0;
  #events: ClusterEvent[] = [];

  constructor() {
    this.log.commit([make.clusterCreated(), make.imported(SMALL), make.imported(LARGE)]);
  }

  /** One commit with one random change, or several that belong together. */
  step(what: number, which: number): LogCommit {
    this.#events = [];
    const changes = [
      () => this.#register(),
      () => this.#request(which, null),
      () => this.#requestForService(which),
      () => this.#move(which, 'PENDING'),
      () => this.#move(which, 'RUNNING'),
      () => this.#move(which, which % 2 === 0 ? 'STOPPING' : 'DEPROVISIONING'),
      () => this.#move(which, 'STOPPED'),
      () => this.#stop(which),
      () => this.#forget(which),
      () => this.#createService(),
      () => this.#deploy(which),
      () => this.#retire(which),
      () => this.#connect(which),
      () => this.#deregister(which),
    ];
    changes[what % changes.length]?.();
    this.log.wait(which % 100);
    return this.log.commit(this.#events);
  }

  #pick<Item>(items: Iterable<Item>, which: number): Item | undefined {
    const all = [...items];
    return all[which % Math.max(1, all.length)];
  }

  #live(): TrueTask[] {
    return [...this.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  }

  #register(): void {
    const instanceId = hexId((this.#ids += 1), 'c');
    this.instances.set(instanceId, { instanceId, status: 'ACTIVE', connected: true });
    this.#events.push(make.instanceRegistered(instanceId, { resources: REGISTERED }));
  }

  #request(which: number, owner: { service: TrueService; deploymentId: string } | null): void {
    const instance = this.#pick(
      [...this.instances.values()].filter(({ status }) => status === 'ACTIVE'),
      which,
    );
    const taken = this.#live().some((task) => task.port !== null && task.instanceId === instance?.instanceId);
    const large = which % 3 === 0 && !taken;
    const taskIds = Array.from({ length: large ? 1 : 1 + (which % 4) }, () => hexId((this.#ids += 1)));
    const arn = (large ? LARGE : SMALL).taskDefinitionArn;
    const serviceName = owner?.service.serviceName ?? null;
    const deploymentId = owner?.deploymentId ?? null;
    const of =
      owner === null
        ? template({ taskDefinitionArn: arn })
        : serviceTemplate(owner.service.serviceName, owner.deploymentId, arn);
    this.#events.push(make.requested(taskIds, of, large ? LARGE_RESOURCES : SMALL_RESOURCES));
    if (which % 7 === 0) {
      const failures = [{ containerInstanceId: null, reason: 'RESOURCE:CPU' }];
      this.#events.push({
        type: 'TaskPlacementFailed',
        v: 1,
        taskIds,
        failures,
        ...(serviceName !== null && { serviceName }),
      });
      return;
    }
    const size = large ? { cpu: 512, memory: 1024, port: 8080 } : { cpu: 128, memory: 64, port: null };
    const placed = instance !== undefined && which % 5 !== 0;
    for (const taskId of taskIds) {
      const lastStatus = placed ? 'PENDING' : 'PROVISIONING';
      const instanceId = placed ? instance.instanceId : null;
      this.tasks.set(taskId, {
        taskId,
        serviceName,
        deploymentId,
        ...size,
        instanceId,
        lastStatus,
        desiredStatus: 'RUNNING',
      });
    }
    if (placed) this.#events.push(make.placed(taskIds, instance.instanceId));
  }

  #requestForService(which: number): void {
    const service = this.#pick(
      [...this.services.values()].filter(({ status }) => status === 'ACTIVE'),
      which,
    );
    const deploymentId = service?.deployments[0];
    if (service !== undefined && deploymentId !== undefined) this.#request(which, { service, deploymentId });
  }

  #move(which: number, lastStatus: 'PENDING' | 'RUNNING' | 'STOPPING' | 'DEPROVISIONING' | 'STOPPED'): void {
    const order = ['PROVISIONING', 'PENDING', 'RUNNING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'];
    const task = this.#pick(
      this.#live().filter(
        (one) => one.instanceId !== null && order.indexOf(one.lastStatus) <= order.indexOf(lastStatus),
      ),
      which,
    );
    if (task === undefined) return;
    task.lastStatus = lastStatus;
    if (order.indexOf(lastStatus) >= order.indexOf('STOPPING')) task.desiredStatus = 'STOPPED';
    this.#events.push(
      make.changed(task.taskId, lastStatus, lastStatus === 'STOPPED' ? { stopCode: 'EssentialContainerExited' } : {}),
    );
  }

  #stop(which: number): void {
    const task = this.#pick(
      this.#live().filter(({ desiredStatus }) => desiredStatus === 'RUNNING'),
      which,
    );
    if (task === undefined) return;
    task.desiredStatus = 'STOPPED';
    this.#events.push(make.stopRequested(task.taskId));
    if (task.instanceId === null) this.#end(task);
  }

  #end(task: TrueTask): void {
    task.desiredStatus = 'STOPPED';
    task.lastStatus = 'STOPPED';
    this.#events.push({
      type: 'TaskStopped',
      v: 1,
      taskId: task.taskId,
      cause: 'NEVER_PLACED',
      stopCode: 'UserInitiated',
      stoppedReason: 'x',
    });
  }

  #forget(which: number): void {
    const task = this.#pick(
      [...this.tasks.values()].filter(({ lastStatus }) => lastStatus === 'STOPPED'),
      which,
    );
    if (task === undefined) return;
    this.tasks.delete(task.taskId);
    this.#events.push({ type: 'TasksForgotten', v: 1, taskIds: [task.taskId] });
  }

  #createService(): void {
    const serviceName = `service-${(this.#ids += 1)}`;
    const deploymentId = `ecs-svc/${(this.#ids += 1)}`;
    this.services.set(serviceName, { serviceName, status: 'ACTIVE', deployments: [deploymentId] });
    this.#events.push(
      make.serviceCreated(serviceName, { desiredCount: 2 }),
      make.deploymentStarted(serviceName, deploymentId),
    );
  }

  #deploy(which: number): void {
    const service = this.#pick(this.services.values(), which);
    if (service?.status !== 'ACTIVE') return;
    const deploymentId = `ecs-svc/${(this.#ids += 1)}`;
    service.deployments.unshift(deploymentId);
    this.#events.push(make.deploymentStarted(service.serviceName, deploymentId));
  }

  #retire(which: number): void {
    const service = this.#pick(this.services.values(), which);
    const deploymentId = service?.deployments.at(-1);
    if (service === undefined || deploymentId === undefined || service.deployments.length < 2) return;
    if (this.#live().some((task) => task.deploymentId === deploymentId && task.desiredStatus === 'RUNNING')) return;
    service.deployments.pop();
    this.#events.push({ type: 'DeploymentRetired', v: 1, serviceName: service.serviceName, deploymentId });
  }

  #connect(which: number): void {
    const instance = this.#pick(this.instances.values(), which);
    if (instance?.status !== 'ACTIVE') return;
    const { instanceId, connected } = instance;
    const type = connected ? 'ContainerInstanceDisconnected' : 'ContainerInstanceConnected';
    instance.connected = !connected;
    this.#events.push({ type, v: 1, containerInstanceId: instanceId, sessionId: 's' });
  }

  #deregister(which: number): void {
    const instance = this.#pick(this.instances.values(), which);
    if (instance?.status !== 'ACTIVE') return;
    for (const task of this.#live()) if (task.instanceId === instance.instanceId) this.#end(task);
    instance.status = 'INACTIVE';
    this.#events.push(make.instanceDeregistered(instance.instanceId, this.log.at + 3_600_000));
  }
}
