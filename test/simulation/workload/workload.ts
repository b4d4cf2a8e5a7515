import type { DeploymentConfiguration, PlacementConstraint, PlacementStrategy } from '#libs/ecs/messages';
import type { Oracle } from '../host/oracle.ts';
import type { SimHost } from '../host/sim-host.ts';
import type { LogModel } from '../invariants/log-model.ts';
import { isPoolInstance } from '../invariants/model-records.ts';
import type { ModelService } from '../invariants/model-records.ts';
import type { Chance } from '../world/chance.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';
import type { Ask, Callers } from './callers.ts';
import { secretEnvironment } from './canaries.ts';
import { EXPRESSIONS } from './constraints.ts';
import type { ImageRegistry } from './image-registry.ts';
import { launchKindOf } from './images.ts';
import type { LaunchKind } from './images.ts';
import { kindMembers, launchMembers, someKind } from './launches.ts';
import { TaskDefinitionBook } from './task-definition-book.ts';

const SERVICES_MAX = 6;
const SERVICE_TASKS_MAX = 7;
/** In a long life there are fewer: what they do takes all day. */
const SERVICES_OF_A_LONG_LIFE_MAX = 3;
const SERVICE_TASKS_OF_A_LONG_LIFE_MAX = 4;
/** Tokens that callers may still use again, by mistake or with good reason. */
const TOKENS_KEPT_MAX = 20;

const STRATEGIES: readonly (readonly PlacementStrategy[])[] = [
  [],
  [{ type: 'random' }],
  [{ type: 'binpack', field: 'memory' }],
  [
    { type: 'spread', field: 'attribute:ecs.availability-zone' },
    { type: 'spread', field: 'instanceId' },
  ],
];

/** Tags that are pushed anew now and then. */
const PUSHED_IMAGES = ['web', 'job-short', 'stubborn'];

const PERCENTAGES: readonly Pick<DeploymentConfiguration, 'minimumHealthyPercent' | 'maximumPercent'>[] = [
  { minimumHealthyPercent: 100, maximumPercent: 200 },
  { minimumHealthyPercent: 50, maximumPercent: 100 },
  { minimumHealthyPercent: 50, maximumPercent: 150 },
  { minimumHealthyPercent: 0, maximumPercent: 100 },
  { minimumHealthyPercent: 100, maximumPercent: 125 },
  { minimumHealthyPercent: 34, maximumPercent: 167 },
];

export interface WorkloadOptions {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly callers: Callers;
  readonly model: LogModel;
  readonly oracle: Oracle;
  readonly hosts: () => readonly SimHost[];
  readonly registry: ImageRegistry;
  readonly chance: Chance;
  /** A machine is to be scrapped and another one to come. */
  readonly replaceHost: (host: SimHost) => void;
  /** Mean time between two calls or faults of containers (ms). */
  readonly meanPauseMs: number;
  /** A world of many hours: fewer services, and none that restarts every few seconds. */
  readonly isLong: boolean;
}

/** What people and machines do all day, drawn from a seed: everything that the API offers, with all its misuse. */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #chance: Chance;
  readonly #definitions: TaskDefinitionBook;
  readonly #acts: readonly (readonly [weight: number, act: () => void])[] = [
    [14, () => this.#runTask()],
    [3, () => this.#startTask()],
    [8, () => this.#stopTask()],
    [7, () => this.#createService()],
    [12, () => this.#updateService()],
    [2, () => this.#deleteService()],
    [2, () => this.#definitions.registerOne()],
    [3, () => this.#drain()],
    [3, () => this.#activate()],
    [0.6, () => this.#deregister()],
    [8, () => this.#killContainer()],
    [3, () => this.#changeHealth()],
    [3, () => this.#misuse()],
    [1, () => this.#pushImage()],
    [2, () => this.#putAttributes()],
    [1, () => this.#deleteAttributes()],
    [4, () => this.#reuseToken()],
  ];
  readonly #servicesMax: number;
  readonly #serviceTasksMax: number;
  #isOpen = true;
  #tokens = 0;
  /** Requests for tasks that had a client token. */
  readonly #tokenRequests: Ask[] = [];

  constructor(options: WorkloadOptions) {
    this.#options = options;
    this.#chance = options.chance;
    const { callers, isLong } = options;
    this.#servicesMax = isLong ? SERVICES_OF_A_LONG_LIFE_MAX : SERVICES_MAX;
    this.#serviceTasksMax = isLong ? SERVICE_TASKS_OF_A_LONG_LIFE_MAX : SERVICE_TASKS_MAX;
    this.#definitions = new TaskDefinitionBook(callers, options.chance.fork('task-definitions'), isLong);
  }

  start(): void {
    this.#definitions.registerAll();
    this.#next();
  }

  /** No more calls. */
  close(): void {
    this.#isOpen = false;
  }

  #next(): void {
    const pauseMs = Math.ceil(-Math.log(1 - this.#chance.next()) * this.#options.meanPauseMs);
    this.#options.clock.after(pauseMs, () => {
      if (!this.#isOpen) return;
      this.#act();
      this.#next();
    });
  }

  #act(): void {
    let draw = this.#chance.next() * this.#acts.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, act] of this.#acts) {
      draw -= weight;
      if (draw < 0) return act();
    }
  }

  #ask(operation: string, input: Ask['input']): void {
    this.#options.callers.ask({ operation, input });
  }

  #runTask(): void {
    const kind = someKind(this.#chance);
    const taskDefinition = this.#definitions.some(0.1, 0.4, kind);
    if (taskDefinition === undefined) return;
    const containerName = 'web';
    const hasOverride = /^(?:web|fixed|racked):/.test(taskDefinition) && this.#chance.happens(0.3);
    const overrides = { containerOverrides: [{ name: containerName, environment: secretEnvironment('override') }] };
    this.#askForTasks('RunTask', {
      taskDefinition,
      count: this.#chance.between(1, 4),
      ...launchMembers(kind, this.#chance),
      ...this.#placement(kind),
      ...(hasOverride ? { overrides } : {}),
      ...this.#token(0.6),
    });
  }

  #startTask(): void {
    const kind = this.#chance.happens(0.2) ? 'awsvpc' : 'plain';
    const taskDefinition = this.#definitions.some(0.1, 0.4, kind);
    if (taskDefinition === undefined) return;
    const instanceIds = this.#options
      .hosts()
      .filter(() => this.#chance.happens(0.3))
      .map(({ instanceId }) => instanceId);
    if (instanceIds.length === 0) return;
    const containerInstances = instanceIds.slice(0, 10);
    this.#askForTasks('StartTask', {
      taskDefinition,
      containerInstances,
      ...kindMembers(kind),
      ...this.#token(0.6, 36),
    });
  }

  #askForTasks(operation: 'RunTask' | 'StartTask', input: Ask['input']): void {
    if (input['clientToken'] !== undefined) {
      this.#tokenRequests.push({ operation, input });
      if (this.#tokenRequests.length > TOKENS_KEPT_MAX) this.#tokenRequests.shift();
    }
    this.#ask(operation, input);
  }

  /** An old request once more; or another one with its token, which must be refused. */
  #reuseToken(): void {
    const first = this.#chance.pick(this.#tokenRequests);
    if (first === undefined) return;
    const { operation, input } = first;
    if (this.#chance.happens(0.3)) return this.#ask(operation, input);
    const taskDefinition = this.#definitions.some(0, 0, 'plain');
    if (operation === 'RunTask' && this.#chance.happens(0.5)) {
      this.#ask(operation, { ...input, count: (Number(input['count']) % 4) + 1 });
    } else {
      this.#ask(operation, taskDefinition === undefined ? input : { ...input, taskDefinition });
    }
  }

  #stopTask(): void {
    const task = this.#chance.pick([...this.#options.model.tasks.values()].filter(({ endedBy }) => endedBy === null));
    if (task === undefined) return;
    this.#ask('StopTask', { task: task.taskId, reason: 'a caller stops it' });
  }

  /** Fargate has no say for callers in where its tasks are placed. */
  #placement(kind: LaunchKind): Ask['input'] {
    const placementStrategy = this.#chance.pick(STRATEGIES) ?? [];
    const placementConstraints = this.#constraints();
    return kind === 'fargate' ? {} : { placementStrategy, placementConstraints };
  }

  #constraints(): PlacementConstraint[] {
    if (this.#chance.happens(0.15)) return [{ type: 'distinctInstance' }];
    const expression = this.#chance.pick(EXPRESSIONS);
    return expression !== undefined && this.#chance.happens(0.3) ? [{ type: 'memberOf', expression }] : [];
  }

  #createService(): void {
    const services = [...this.#options.model.services.values()].filter(({ status }) => status !== 'INACTIVE');
    const kind = someKind(this.#chance);
    const taskDefinition = this.#definitions.some(0.15, 0, kind);
    if (services.length >= this.#servicesMax || taskDefinition === undefined) return;
    this.#ask('CreateService', {
      taskDefinition,
      serviceName: `service-${this.#chance.between(1, this.#servicesMax + 2)}`,
      desiredCount: this.#chance.between(0, this.#serviceTasksMax),
      deploymentConfiguration: this.#deploymentConfiguration(),
      ...launchMembers(kind, this.#chance),
      // With it no update to a maximumPercent of 100 would be taken.
      availabilityZoneRebalancing: 'DISABLED',
      ...this.#placement(kind),
      ...this.#token(0.5, 36),
    });
  }

  #updateService(): void {
    const service = this.#someService();
    if (service === undefined) return;
    const kind = this.#kindOf(service);
    const taskDefinition = this.#chance.happens(0.4) ? this.#definitions.some(0.2, 0, kind) : undefined;
    const hasConstraints = this.#chance.happens(0.1);
    this.#ask('UpdateService', {
      service: service.serviceName,
      ...(taskDefinition === undefined ? {} : { taskDefinition }),
      ...(this.#chance.happens(0.5) ? { desiredCount: this.#chance.between(0, this.#serviceTasksMax) } : {}),
      ...(this.#chance.happens(0.2) ? { deploymentConfiguration: this.#deploymentConfiguration() } : {}),
      ...(hasConstraints && kind !== 'fargate' ? { placementConstraints: this.#constraints() } : {}),
      ...(this.#chance.happens(0.15) ? { forceNewDeployment: true } : {}),
    });
  }

  /** A tag means another image from now on; often somebody wants the new one to run. */
  #pushImage(): void {
    const reference = this.#chance.pick(PUSHED_IMAGES) ?? 'web';
    this.#options.trace.note(`${reference} is pushed anew`);
    this.#options.registry.push(reference);
    const service = this.#chance.happens(0.7) ? this.#someService() : undefined;
    if (service !== undefined) {
      this.#ask('UpdateService', { service: service.serviceName, forceNewDeployment: true });
    }
  }

  #kindOf({ spec }: ModelService): LaunchKind {
    const { family = '' } = this.#options.model.taskDefinitions.get(spec.taskDefinitionArn) ?? {};
    return launchKindOf(family);
  }

  #deleteService(): void {
    const service = this.#someService();
    if (service === undefined) return;
    const force = this.#chance.happens(0.8);
    this.#ask('DeleteService', { service: service.serviceName, force });
  }

  #drain(): void {
    const active = this.#instances('ACTIVE');
    // A cluster in which nothing may run shows little.
    if (active.length < 3) return;
    this.#setState(this.#chance.pick(active), 'DRAINING');
  }

  #activate(): void {
    this.#setState(this.#chance.pick(this.#instances('DRAINING')), 'ACTIVE');
  }

  #setState(instanceId: string | undefined, status: 'ACTIVE' | 'DRAINING'): void {
    if (instanceId === undefined) return;
    this.#ask('UpdateContainerInstancesState', { containerInstances: [instanceId], status });
  }

  #deregister(): void {
    const host = this.#chance.pick(this.#options.hosts());
    if (host === undefined || this.#instances('ACTIVE').length < 3) return;
    this.#ask('DeregisterContainerInstance', { containerInstance: host.instanceId, force: true });
    this.#options.clock.after(this.#chance.between(5_000, 120_000), () => this.#options.replaceHost(host));
  }

  #killContainer(): void {
    const container = this.#chance.pick([...this.#options.oracle.running()].filter(({ isPause }) => !isPause));
    const host = this.#options.hosts().find(({ name }) => name === container?.host);
    if (container === undefined || host === undefined) return;
    this.#options.trace.note(`${host.name}: ${container.containerName} of ${container.taskId.slice(0, 8)} dies`);
    host.engine.exit(container.runtimeId, this.#chance.pick([0, 1, 137, 139]) ?? 1);
  }

  #changeHealth(): void {
    const { oracle, model, clock } = this.#options;
    // A task whose health check fails before it is up may wait for it permanently, as in ECS.
    const checked = [...oracle.running()].filter(({ taskId }) => {
      const task = model.tasks.get(taskId);
      return task?.hasHealthCheck === true && task.lastStatus === 'RUNNING';
    });
    const container = this.#chance.pick(checked);
    const host = this.#options.hosts().find(({ name }) => name === container?.host);
    if (container === undefined || host === undefined) return;
    host.engine.setHealth(container.runtimeId, 'UNHEALTHY');
    const recoversAfterMs = this.#chance.between(1_000, 60_000);
    if (this.#chance.happens(0.5))
      clock.after(recoversAfterMs, () => host.engine.setHealth(container.runtimeId, 'HEALTHY'));
  }

  #putAttributes(): void {
    const host = this.#chance.pick(this.#options.hosts());
    if (host === undefined) return;
    const target = { targetType: 'container-instance', targetId: host.instanceId };
    const attributes = this.#chance.happens(0.7)
      ? [{ name: 'rack', value: `r${this.#chance.between(1, 3)}`, ...target }]
      : [{ name: 'ssd', ...target }];
    this.#ask('PutAttributes', { attributes });
  }

  #deleteAttributes(): void {
    const host = this.#chance.pick(this.#options.hosts());
    if (host === undefined) return;
    const target = { targetType: 'container-instance', targetId: host.instanceId };
    this.#ask('DeleteAttributes', { attributes: [{ name: this.#chance.pick(['rack', 'ssd']) ?? 'rack', ...target }] });
  }

  /** Requests that must be refused and change nothing. */
  #misuse(): void {
    const taskDefinition = this.#definitions.some(0, 0, 'plain') ?? 'web:1';
    const pool = this.#chance.pick([...this.#options.model.instances.values()].filter(isPoolInstance));
    const poolHost = pool?.instanceId ?? 'c'.repeat(32);
    const misuses: readonly (readonly [operation: string, input: Ask['input']])[] = [
      ['StopTask', { task: 'f'.repeat(32) }],
      ['RunTask', { taskDefinition, count: 11 }],
      ['RunTask', { taskDefinition: 'nothing:1', count: 1 }],
      ['RunTask', { cluster: 'no-such-cluster', taskDefinition, count: 1 }],
      ['UpdateService', { service: 'no-such-service', desiredCount: 1 }],
      ['DeregisterContainerInstance', { containerInstance: 'e'.repeat(32), force: true }],
      ['UpdateContainerInstancesState', { containerInstances: [], status: 'DRAINING' }],
      ['StartTask', { taskDefinition, containerInstances: ['d'.repeat(32)] }],
      ['StartTask', { taskDefinition, containerInstances: [poolHost] }],
      ['UpdateContainerInstancesState', { containerInstances: [poolHost], status: 'DRAINING' }],
      ['RunTask', { taskDefinition, count: 1, launchType: 'FARGATE' }],
      ['RunTask', { taskDefinition, count: 1, ...kindMembers('awsvpc') }],
    ];
    const misuse = this.#chance.pick(misuses);
    if (misuse !== undefined) this.#ask(...misuse);
  }

  #someService(): ModelService | undefined {
    return this.#chance.pick([...this.#options.model.services.values()].filter(({ status }) => status === 'ACTIVE'));
  }

  #instances(status: 'ACTIVE' | 'DRAINING'): string[] {
    const instances = [...this.#options.model.instances.values()].filter((instance) => !isPoolInstance(instance));
    return instances.filter((instance) => instance.status === status).map(({ instanceId }) => instanceId);
  }

  #deploymentConfiguration(): Partial<DeploymentConfiguration> {
    const percentages = this.#chance.pick(PERCENTAGES) ?? {};
    if (!this.#chance.happens(0.5)) return percentages;
    return { ...percentages, deploymentCircuitBreaker: { enable: true, rollback: this.#chance.happens(0.6) } };
  }

  #token(probability: number, charactersMax = 64): { clientToken?: string } {
    if (!this.#chance.happens(probability)) return {};
    this.#tokens += 1;
    return { clientToken: `token-${this.#tokens}`.slice(0, charactersMax) };
  }
}
