import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import Docker from 'dockerode';
import { AGENT_NODE_ARGUMENTS, pollUntil } from '#libs/platform';
import { median } from '../figures.ts';
import type { Figure, Tell } from '../figures.ts';
import { call, clusterCounts } from '../load.ts';
import { residentMebibytes } from '../process-usage.ts';
import { BenchStack } from '../stack.ts';
import { BareEngine } from './bare-engine.ts';
import { EngineEvents } from './engine-events.ts';
import { Swarm } from './swarm.ts';

const AGENT = 'dist/apps/agent/src/main.js';
const IMAGE = 'waybill/demo:1';
/** Ends at once when it is told to. */
const COMMAND = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1000 & wait; done'];
const FAMILY = 'bench';
const OURS = `com.amazonaws.ecs.task-definition-family=${FAMILY}`;
const BARE_LABEL = 'waybill.bench';
const SERVICE_TASKS = 30;
const STOPPED_TASKS = 20;
const WARM_INTERFACES = 10;
const CLEANUP_SECONDS = 1;
const QUIET_SECONDS = 2;
const IDLE_SECONDS = 5;
const JOIN_SECONDS_MAX = 60;
const SECONDS_MAX = 120;

/* What this project holds itself to, as factors of the peers. */
const AGENT_IDLE_MEBIBYTES = 80;
const SERVICE_OF_BARE = 0.97;
const SERVICE_OF_SWARM = 1.9;
const FIRST_OF_BARE = 1.05;
const BURST_OF_BARE = 2.5;
const STOP_OF_BARE = 1.1;

/** A service, one task, a burst and a stop on the engine of this machine, each against a bare loop and a swarm. */
export async function benchDocker(tell: Tell, rounds: number): Promise<readonly Figure[]> {
  const docker = new Docker();
  const instanceId = randomBytes(16).toString('hex');
  const stack = await BenchStack.start();
  const bare = new BareEngine(docker, { Image: IMAGE, Cmd: COMMAND, Labels: { [BARE_LABEL]: '' } });
  const swarm = new Swarm(docker, IMAGE, COMMAND);
  const events = {
    ours: await EngineEvents.open(docker, OURS),
    bare: await EngineEvents.open(docker, BARE_LABEL),
    swarm: await EngineEvents.open(docker, Swarm.label),
  };
  let product: Product | undefined;
  try {
    await stack.startControlPlane();
    const env = {
      ...(await stack.natsEnvironment('agents')),
      WAYBILL_INSTANCE_ID: instanceId,
      WAYBILL_IMAGE_PULL_BEHAVIOR: 'prefer-cached',
      WAYBILL_TASK_CLEANUP_SECONDS: String(CLEANUP_SECONDS),
      WAYBILL_WARM_INTERFACES: String(WARM_INTERFACES),
    };
    const { pid: agent } = await stack.startChild(AGENT, [], env, AGENT_NODE_ARGUMENTS);
    const nc = await stack.connect('root');
    await pollUntil(
      'the host has joined',
      JOIN_SECONDS_MAX * 1_000,
      async () => (await clusterCounts(nc)).hosts === 1,
      50,
    );
    const ours = new Product(nc, docker, instanceId);
    product = ours;
    await ours.register();
    await delay(IDLE_SECONDS * 1_000);
    const idleMebibytes = await residentMebibytes(agent);
    await ours.fillWarmInterfaces();
    const hasSwarm = await swarm.open();
    if (!hasSwarm) tell('the engine belongs to a swarm already: no comparison with Swarm');
    tell(`the bare loop is fastest with ${await bare.tune()} containers in flight`);

    const taken: Record<string, number[]> = {};
    const note = (name: string, value: number): number => {
      (taken[name] ??= []).push(value);
      return value;
    };
    for (let round = 1; round <= rounds; round++) {
      const line: string[] = [];
      // Which of them goes first changes from round to round.
      const sides = [
        async () => void line.push(`bare ${await measureBare(bare, events.bare, note)}`),
        async () => void line.push(`waybill ${await measureProduct(ours, events.ours, agent, note)}`),
        ...(hasSwarm ? [async () => void line.push(`swarm ${await measureSwarm(swarm, events.swarm, note)}`)] : []),
      ];
      for (let i = 0; i < sides.length; i++) {
        await sides[(i + round) % sides.length]?.();
        await delay(QUIET_SECONDS * 1_000);
      }
      tell(`round ${round}: ${line.sort().join('; ')}`);
    }
    const of = (name: string): number => median(taken[name] ?? []);
    return [
      ...figuresOf(of, hasSwarm),
      { name: 'docker: agent, idle', value: idleMebibytes, unit: 'MiB', better: 'lower', goal: AGENT_IDLE_MEBIBYTES },
      {
        name: `docker: agent with ${STOPPED_TASKS} running tasks`,
        value: of('agent memory'),
        unit: 'MiB',
        better: 'lower',
      },
    ];
  } finally {
    for (const side of Object.values(events)) side.close();
    await swarm.close();
    await stack.stop();
    await product?.removeContainers();
  }
}

type Note = (name: string, value: number) => number;

async function measureBare(bare: BareEngine, events: EngineEvents, note: Note): Promise<string> {
  const first = await msUntil(events.next('start', 1), async () => bare.start(1));
  note('bare first', first.ms);
  const service = await msUntil(events.next('start', SERVICE_TASKS), async () => bare.start(SERVICE_TASKS));
  const rate = note('bare service', perSecond(SERVICE_TASKS, service.ms));
  const stopped = service.value.slice(0, STOPPED_TASKS);
  const stop = await msUntil(events.next('die', STOPPED_TASKS), async () => bare.stop(stopped));
  note('bare stop', stop.ms);
  await bare.remove([...first.value, ...service.value]);
  const burst = await msUntil(events.next('start', WARM_INTERFACES), async () => bare.start(WARM_INTERFACES));
  note('bare burst', perSecond(WARM_INTERFACES, burst.ms));
  await bare.remove(burst.value);
  return describe(rate, first.ms, stop.ms);
}

async function measureSwarm(swarm: Swarm, events: EngineEvents, note: Note): Promise<string> {
  const first = await msUntil(events.next('start', 1), async () => swarm.start(1));
  note('swarm first', first.ms);
  await swarm.remove();
  const service = await msUntil(events.next('start', SERVICE_TASKS), async () => swarm.start(SERVICE_TASKS));
  const rate = note('swarm service', perSecond(SERVICE_TASKS, service.ms));
  await swarm.remove();
  return describe(rate, first.ms, null);
}

async function measureProduct(product: Product, events: EngineEvents, agent: number, note: Note): Promise<string> {
  const first = await msUntil(events.next('start', 1), async () => product.runTasks('bridge', 1));
  note('waybill first', first.ms);
  await product.stopTasks(first.value);
  await product.isEmpty();

  const service = await msUntil(events.next('start', SERVICE_TASKS), async () => product.createService(SERVICE_TASKS));
  const rate = note('waybill service', perSecond(SERVICE_TASKS, service.ms));
  await product.deleteService();
  await product.isEmpty();

  const tasks = await msUntil(events.next('start', STOPPED_TASKS), async () =>
    product.runTasks('bridge', STOPPED_TASKS),
  );
  await product.areRunning(STOPPED_TASKS);
  note('agent memory', await residentMebibytes(agent));
  const stop = await msUntil(events.next('die', STOPPED_TASKS), async () => product.stopTasks(tasks.value));
  note('waybill stop', stop.ms);
  await product.isEmpty();

  await product.hasWarmInterfaces();
  const burst = await msUntil(events.next('start', WARM_INTERFACES), async () =>
    product.runTasks('awsvpc', WARM_INTERFACES),
  );
  note('waybill burst', perSecond(WARM_INTERFACES, burst.ms));
  const refilledAfter = performance.now();
  await product.stopTasks(burst.value);
  await product.isEmpty();
  await product.hasWarmInterfaces();
  note('refill', perSecond(WARM_INTERFACES, performance.now() - refilledAfter));
  return describe(rate, first.ms, stop.ms);
}

function describe(rate: number, firstMs: number, stopMs: number | null): string {
  const stop = stopMs === null ? '' : `, ${STOPPED_TASKS} stopped in ${stopMs.toFixed(0)} ms`;
  return `${rate.toFixed(1)}/s, first ${firstMs.toFixed(0)} ms${stop}`;
}

function figuresOf(of: (name: string) => number, hasSwarm: boolean): readonly Figure[] {
  const service: Omit<Figure, 'name'> = { value: of('waybill service'), unit: 'containers/s', better: 'higher' };
  const against = (raw: number): Pick<Figure, 'raw' | 'ratio'> => ({ raw, ratio: service.value / raw });
  const lower = (name: string, ours: string, raw: number, factor: number): Figure => ({
    name,
    value: of(ours),
    unit: 'ms',
    better: 'lower',
    goal: factor * raw,
    raw,
    ratio: of(ours) / raw,
  });
  const bareService = of('bare service');
  const swarmService = of('swarm service');
  const bareBurst = of('bare burst');
  return [
    {
      ...service,
      name: `docker: a service of ${SERVICE_TASKS} on the bridge (raw: a bare loop)`,
      goal: SERVICE_OF_BARE * bareService,
      ...against(bareService),
    },
    ...(hasSwarm
      ? [
          {
            ...service,
            name: `docker: a service of ${SERVICE_TASKS} on the bridge (raw: Swarm)`,
            goal: SERVICE_OF_SWARM * swarmService,
            ...against(swarmService),
          },
          {
            name: "docker: Swarm's first container after its request (raw: a bare create and start)",
            value: of('swarm first'),
            unit: 'ms',
            better: 'lower',
            raw: of('bare first'),
            ratio: of('swarm first') / of('bare first'),
          } satisfies Figure,
        ]
      : []),
    lower(
      'docker: first container after RunTask (raw: a bare create and start)',
      'waybill first',
      of('bare first'),
      FIRST_OF_BARE,
    ),
    {
      name: `docker: awsvpc burst of ${WARM_INTERFACES} from as many warm pause containers (raw: a bare loop on the bridge)`,
      value: of('waybill burst'),
      unit: 'containers/s',
      better: 'higher',
      goal: BURST_OF_BARE * bareBurst,
      raw: bareBurst,
      ratio: of('waybill burst') / bareBurst,
    },
    { name: 'docker: warm pause containers made again', value: of('refill'), unit: 'containers/s', better: 'higher' },
    lower(
      `docker: ${STOPPED_TASKS} tasks stopped (raw: a bare parallel stop)`,
      'waybill stop',
      of('bare stop'),
      STOP_OF_BARE,
    ),
  ];
}

/** The same containers, asked for over NATS. */
class Product {
  readonly #nc: NatsConnection;
  readonly #docker: Docker;
  readonly #instanceId: string;

  constructor(nc: NatsConnection, docker: Docker, instanceId: string) {
    this.#nc = nc;
    this.#docker = docker;
    this.#instanceId = instanceId;
  }

  async register(): Promise<void> {
    for (const networkMode of ['bridge', 'awsvpc']) {
      await call(this.#nc, 'RegisterTaskDefinition', {
        family: FAMILY,
        networkMode,
        containerDefinitions: [{ name: 'app', image: IMAGE, memory: 16, command: COMMAND }],
      });
    }
  }

  /** @returns their ARNs */
  async runTasks(networkMode: 'bridge' | 'awsvpc', count: number): Promise<readonly string[]> {
    const TASKS_PER_CALL = 10;
    const arns: string[] = [];
    for (let asked = 0; asked < count; asked += TASKS_PER_CALL) {
      const { tasks, failures } = await call<{ tasks: { taskArn: string }[]; failures: unknown[] }>(
        this.#nc,
        'RunTask',
        {
          taskDefinition: `${FAMILY}:${networkMode === 'bridge' ? 1 : 2}`,
          count: Math.min(TASKS_PER_CALL, count - asked),
          ...(networkMode === 'awsvpc' && { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } } }),
        },
      );
      if (failures.length > 0) throw new Error(`RunTask failed: ${JSON.stringify(failures[0])}`);
      arns.push(...tasks.map(({ taskArn }) => taskArn));
    }
    return arns;
  }

  async stopTasks(tasks: readonly string[]): Promise<void> {
    await Promise.all(tasks.map((task) => call(this.#nc, 'StopTask', { task })));
  }

  async createService(desiredCount: number): Promise<void> {
    await call(this.#nc, 'CreateService', { serviceName: FAMILY, taskDefinition: `${FAMILY}:1`, desiredCount });
  }

  async deleteService(): Promise<void> {
    await call(this.#nc, 'DeleteService', { service: FAMILY, force: true });
    const isGone = async (): Promise<boolean> => {
      const { services } = await call<{ services: { status: string }[] }>(this.#nc, 'DescribeServices', {
        services: [FAMILY],
      });
      return services.every(({ status }) => status === 'INACTIVE');
    };
    await pollUntil('the service is gone', SECONDS_MAX * 1_000, isGone, 100);
  }

  async areRunning(count: number): Promise<void> {
    const isSo = async (): Promise<boolean> => (await clusterCounts(this.#nc)).running === count;
    await pollUntil(`${count} tasks are RUNNING`, SECONDS_MAX * 1_000, isSo, 20);
  }

  /** No task's container is left, not even a stopped one. */
  async isEmpty(): Promise<void> {
    const isSo = async (): Promise<boolean> => (await this.#containers()).every(isWarm);
    await pollUntil('the containers have been cleaned up', SECONDS_MAX * 1_000, isSo, 100);
  }

  /** The first task with an address makes the agent fill its pool. */
  async fillWarmInterfaces(): Promise<void> {
    const tasks = await this.runTasks('awsvpc', 1);
    await this.areRunning(1);
    await this.stopTasks(tasks);
    await this.isEmpty();
    await this.hasWarmInterfaces();
  }

  /** The pool of pause containers is full. */
  async hasWarmInterfaces(): Promise<void> {
    const isSo = async (): Promise<boolean> =>
      (await this.#containers()).filter((container) => isWarm(container) && container.State === 'running').length ===
      WARM_INTERFACES;
    await pollUntil('the warm pause containers are ready', SECONDS_MAX * 1_000, isSo, 20);
  }

  /** Removes what the agent has left on the engine: its containers run on without it. */
  async removeContainers(): Promise<void> {
    for (const { Id: id } of await this.#containers()) await this.#docker.getContainer(id).remove({ force: true });
  }

  async #containers(): Promise<readonly Docker.ContainerInfo[]> {
    const label = [`waybill.instance-id=${this.#instanceId}`];
    return await this.#docker.listContainers({ all: true, filters: { label } });
  }
}

/** Waits for a task, with an address and without a name of its own. */
function isWarm({ Names: names }: Docker.ContainerInfo): boolean {
  return names.some((name) => name.startsWith('/ecs-warm-'));
}

/** Acts, and waits for what the engine shows of it: ms from the one to the other, and what the act has returned. */
async function msUntil<Value>(
  seen: Promise<number>,
  act: () => Promise<Value>,
): Promise<{ readonly ms: number; readonly value: Value }> {
  const startedAt = performance.now();
  const [at, value] = await Promise.all([seen, act()]);
  return { ms: at - startedAt, value };
}

function perSecond(count: number, ms: number): number {
  return (count * 1_000) / ms;
}
