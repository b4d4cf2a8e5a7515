import { arns } from '#libs/ecs/messages';
import type { ClusterCommand, HealthStatus, RunTask, TaskDefinition, TaskReport } from '#libs/ecs/messages';
import { clusterDecider } from '#libs/ecs/deciders';
import type { ClusterState } from '#libs/ecs/deciders';
import { decideWhole } from '#libs/kernel';
import { schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import { containerStatusIn } from '#libs/testing-pure';
import type { LogCommit } from '../src/index.ts';
import { CLUSTER_ARN, CLUSTER_NAME, hexId, LOCALE, ShardLog, taskDefinition } from './log-builder.ts';

const RESOURCES = { cpu: 2048, memory: 2048, reservedTcpPorts: [22], reservedUdpPorts: [] };
const SERVICES = ['api', 'web'];
const MAC = '02:42:0a:00:00:05';

/** Four revisions: plain, with a fixed port, with a health check, too large for any host. */
const DEFINITIONS = [
  {},
  { portMappings: [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' as const }] },
  { healthCheck: { command: ['CMD', 'true'] } },
  { cpu: 4096 },
].map((members, index) => {
  const plain = taskDefinition({ revision: index + 1 });
  return { ...plain, containerDefinitions: plain.containerDefinitions.map((one) => ({ ...one, ...members })) };
});

const FARGATE_DEFINITION: TaskDefinition = {
  ...taskDefinition({ revision: DEFINITIONS.length + 1 }),
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  compatibilities: ['EC2', 'FARGATE'],
};
const FARGATE_LAUNCHES = [
  { launchType: 'FARGATE' },
  { launchType: 'FARGATE' },
  {
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE', weight: 1 },
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    ],
  },
] as const;
/** The last ones are hosts of the Fargate pool. */
const HOST_LAUNCH_TYPES = [{}, { launchTypes: ['EC2', 'FARGATE'] }, { launchTypes: ['FARGATE'] }] as const;

/** A log that the real deciders and process managers write, driven by arbitrary numbers. Refused commands write nothing. */
export class DecidedLog {
  readonly #decider = clusterDecider({ sagas: [schedulerSaga, serviceControllerSaga] });
  readonly #log = ShardLog.ofCluster();
  readonly state: ClusterState;
  #commands = 0;

  constructor() {
    this.state = this.#decider.initialState(this.#log.shard);
    this.#submit({
      type: 'CreateCluster',
      clusterName: CLUSTER_NAME,
      clusterArn: CLUSTER_ARN,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
  }

  get commits(): readonly LogCommit[] {
    return this.#log.commits;
  }

  /** One command. */
  step(what: number, which: number): void {
    this.#log.wait(which % 7 === 0 ? 45 : 0.1);
    const choices: (() => ClusterCommand | null)[] = [
      () => this.#register(which),
      () => this.#report(which, 'RUNNING'),
      () => this.#report(which, 'RUNNING'),
      () =>
        this.#report(
          which,
          (['PENDING', 'STOPPING', 'DEPROVISIONING', 'PROVISIONING'] as const)[which % 4] ?? 'PENDING',
        ),
      () => this.#report(which, 'STOPPED'),
      () => ({ type: 'RunTask', ...this.#launch(which), count: 1 + (which % 3) }),
      () => this.#createService(which),
      () => this.#updateService(which),
      () => this.#ofTask(which, (taskId) => ({ type: 'StopTask', taskId })),
      () => this.#ofInstance(which, (instanceId) => ({ type: 'DeregisterContainerInstance', instanceId, force: true })),
      () =>
        this.#ofInstance(which, (instanceId) => ({
          type: 'UpdateContainerInstancesState',
          instanceIds: [instanceId],
          status: which % 2 === 0 ? 'DRAINING' : 'ACTIVE',
        })),
      () =>
        this.#ofInstance(which, (instanceId, sessionId) => ({
          type: 'ReportInstanceDisconnected',
          instanceId,
          sessionId,
        })),
      () => ({ type: 'DeleteService', serviceName: this.#service(which), force: true }),
      () => this.#elapse(which),
    ];
    const command = choices[what % choices.length]?.() ?? null;
    if (command !== null) this.#submit(command);
  }

  #submit(command: ClusterCommand): void {
    const commandId = `command-${(this.#commands += 1)}`;
    const { at } = this.#log;
    const envelope = {
      commandId,
      command,
      principal: 'me',
      source: 'aws',
      correlationId: commandId,
      causationId: null,
      at,
    } as const;
    const whole = decideWhole(this.#decider, this.state, envelope, at);
    if (whole.kind === 'accepted' && whole.events.length > 0) {
      this.#log.commit(whole.events, { commandId, command: command.type });
    }
  }

  #pick<Item>(items: Iterable<Item>, which: number): Item | undefined {
    const all = [...items];
    return all[which % Math.max(1, all.length)];
  }

  #resolved(which: number) {
    return { taskDefinition: DEFINITIONS[which % DEFINITIONS.length] ?? taskDefinition(), tags: [] };
  }

  /** How tasks are launched, and from which definition: every third one on Fargate. */
  #launch(
    which: number,
  ): Pick<RunTask, 'resolved' | 'launchType' | 'capacityProviderStrategy' | 'networkConfiguration'> {
    const fargate = FARGATE_LAUNCHES[which % 9];
    if (fargate === undefined) return { resolved: this.#resolved(which) };
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
    return { resolved: { taskDefinition: FARGATE_DEFINITION, tags: [] }, networkConfiguration, ...fargate };
  }

  #service(which: number): string {
    return SERVICES[which % SERVICES.length] ?? 'web';
  }

  #register(which: number): ClusterCommand {
    const instanceId = hexId(which % 4, 'c');
    const versionInfo = { agentVersion: '1.0.0', dockerVersion: '20.10.24' };
    return {
      type: 'RegisterContainerInstance',
      instanceId,
      sessionId: `s-${this.#commands}`,
      resources: RESOURCES,
      attributes: [],
      versionInfo,
      hostname: 'h',
      ...HOST_LAUNCH_TYPES[which % HOST_LAUNCH_TYPES.length],
    };
  }

  #ofTask(which: number, command: (taskId: string) => ClusterCommand): ClusterCommand | null {
    const task = this.#pick(this.state.tasks.keys(), which);
    return task === undefined ? null : command(task);
  }

  #ofInstance(
    which: number,
    command: (instanceId: string, sessionId: string) => ClusterCommand,
  ): ClusterCommand | null {
    const instance = this.#pick(this.state.instances.values(), which);
    return instance === undefined ? null : command(instance.instanceId, instance.sessionId);
  }

  /** What an agent may say of one of its tasks. */
  #report(which: number, knownStatus: TaskReport['knownStatus']): ClusterCommand | null {
    const task = this.#pick(
      [...this.state.tasks.values()].filter(
        ({ instanceId, lastStatus }) => instanceId !== null && lastStatus !== 'STOPPED',
      ),
      which,
    );
    const instance = this.state.instances.get(task?.instanceId ?? '');
    if (task === undefined || instance === undefined) return null;
    const health: readonly HealthStatus[] = ['UNKNOWN', 'HEALTHY', 'UNHEALTHY'];
    const healthStatus = health[which % health.length] ?? 'UNKNOWN';
    const lastStatus = containerStatusIn(knownStatus);
    const report: TaskReport = {
      taskId: task.taskId,
      knownStatus,
      // Where it may not be: a host that says too much changes nothing.
      networkInterface: { subnetId: 'subnet-1', macAddress: MAC, privateIpv4Address: `10.0.0.${which % 256}` },
      containers: [{ name: 'app', lastStatus, healthStatus, imageDigest: `sha256:${which}` }],
    };
    return {
      type: 'ReportTaskStates',
      instanceId: instance.instanceId,
      sessionId: instance.sessionId,
      reports: [report],
    };
  }

  #createService(which: number): ClusterCommand {
    const deploymentCircuitBreaker = { enable: which % 2 === 0, rollback: which % 3 === 0 };
    return {
      type: 'CreateService',
      serviceName: this.#service(which),
      ...this.#launch(which),
      desiredCount: 1 + (which % 4),
      deploymentConfiguration: { deploymentCircuitBreaker },
      tags: [{ key: 'owner', value: arns.root(LOCALE) }],
    };
  }

  #updateService(which: number): ClusterCommand {
    const serviceName = this.#service(which);
    if (which % 3 === 0) return { type: 'UpdateService', serviceName, desiredCount: which % 5 };
    if (which % 3 === 1) return { type: 'UpdateService', serviceName, resolved: this.#resolved(which) };
    return { type: 'UpdateService', serviceName, forceNewDeployment: true };
  }

  #elapse(which: number): ClusterCommand {
    this.#log.wait(which);
    return { type: 'ElapseTime' };
  }
}
