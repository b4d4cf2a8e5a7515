import { connect } from '@nats-io/transport-node';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTagsForResourceCommand,
  ListTasksCommand,
  paginateListTasks,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  TagResourceCommand,
  UpdateServiceCommand,
  waitUntilServicesStable,
  waitUntilTasksRunning,
  waitUntilTasksStopped,
} from '@aws-sdk/client-ecs';
import type { Task } from '@aws-sdk/client-ecs';
import { containersOf, killContainer, removeContainersOf } from './containers.ts';
import { Product } from './product.ts';
import { eventually, expect, Steps } from './steps.ts';

/* The main job, end to end, as a user does it: real containers, the real SDK, a home of its own, free ports. */

const CLUSTER = 'default';
const FAMILY = 'demo-web';
const SERVICE = 'web';
const WAIT = { minDelay: 1, maxDelay: 1, maxWaitTime: 120 };

const steps = new Steps();
const product = await Product.inTemporaryHome();

function register(ecs: ECSClient, version: string) {
  return ecs.send(
    new RegisterTaskDefinitionCommand({
      family: FAMILY,
      containerDefinitions: [
        {
          name: 'web',
          image: `waybill/demo:${version}`,
          cpu: 32,
          memory: 32,
          stopTimeout: 5,
          portMappings: [{ containerPort: 8080 }],
          environment: [{ name: 'GREETING', value: 'hello' }],
        },
      ],
      tags: [{ key: 'team', value: 'demo' }],
    }),
  );
}

/** What a task's container answers on its dynamic host port. */
async function curl(task: Task): Promise<string> {
  const port = task.containers?.[0]?.networkBindings?.[0]?.hostPort;
  expect(port !== undefined, 'a dynamic host port', task.containers);
  const response = await fetch(`http://127.0.0.1:${port}/cgi-bin/whoami`, { signal: AbortSignal.timeout(5_000) });
  return response.text();
}

async function tasksOf(ecs: ECSClient): Promise<Task[]> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: CLUSTER, serviceName: SERVICE }));
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: taskArns }));
  return tasks;
}

async function stable(ecs: ECSClient, count: number): Promise<Task[]> {
  await waitUntilServicesStable({ client: ecs, ...WAIT }, { cluster: CLUSTER, services: [SERVICE] });
  const tasks = await tasksOf(ecs);
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  expect(running.length === count, `${count} running tasks`, running.length);
  return running;
}

async function errorNameOf(act: Promise<unknown>): Promise<string> {
  return act.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}

async function demo(): Promise<void> {
  console.log('Waybill demo\n');
  await steps.step('waybill up is ready', () => product.start());
  steps.finally('the data folder is removed', () => product.remove());
  steps.finally('Ctrl-C stops everything cleanly', async () => expect((await product.stop()) === 0, 'exit code 0'));
  const env = await product.environment();
  const ecs = new ECSClient({
    endpoint: env.AWS_ENDPOINT_URL_ECS,
    region: env.AWS_REGION,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
    maxAttempts: 10,
  });
  const nats = await connect({ servers: env.NATS_URL, user: env.NATS_USER, pass: env.NATS_PASSWORD });
  steps.finally('the NATS connection closes', () => nats.close());
  const stateChanges: string[] = [];
  nats.subscribe('waybill.events.>', { callback: (_error, message) => void stateChanges.push(message.subject) });

  await steps.step('the default cluster has one connected container instance', async () => {
    const { clusters } = await ecs.send(new DescribeClustersCommand({}));
    expect(clusters?.[0]?.registeredContainerInstancesCount === 1, 'one container instance', clusters);
  });
  await steps.step('clusters are created, tagged, refused and deleted', () => clusterLife(ecs));
  await steps.step('task definition demo-web:1 is registered', () => register(ecs, '1'));
  await steps.step('a standalone task runs, answers, and stops when told to', () => standaloneTask(ecs));

  await steps.step('a service of three reaches its steady state', async () => {
    await ecs.send(
      new CreateServiceCommand({ cluster: CLUSTER, serviceName: SERVICE, taskDefinition: FAMILY, desiredCount: 3 }),
    );
    await stable(ecs, 3);
  });
  await steps.step('each container answers on its dynamic port', async () => {
    const answers = await Promise.all((await tasksOf(ecs)).map(curl));
    expect(answers.length === 3 && answers.every((text) => text.includes('version=1')), 'three answers', answers);
  });
  await steps.step('update-service to five and back to three', async () => {
    for (const desiredCount of [5, 3]) {
      await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, desiredCount }));
      await stable(ecs, desiredCount);
    }
  });
  await steps.step('a new revision rolls without ever going below three healthy tasks', () => rollingUpdate(ecs));
  await steps.step('lists come in pages, unknown tasks as failures', () => paging(ecs));

  await steps.step('NATS: the micro service is listed and RunTask answers the ECS JSON', async () => {
    const ping = await nats.request('$SRV.PING.waybill-ecs', '', { timeout: 5_000 });
    expect(ping.json<{ name: string }>().name === 'waybill-ecs', 'the micro service answers its ping');
    const request = JSON.stringify({ cluster: CLUSTER, taskDefinition: FAMILY });
    const answer = await nats.request('waybill.cmd.root.ecs.RunTask', request, { timeout: 10_000 });
    const { tasks } = answer.json<{ tasks: { taskArn: string }[] }>();
    const task = tasks[0]?.taskArn;
    expect(task !== undefined, 'a task', tasks);
    await ecs.send(new StopTaskCommand({ cluster: CLUSTER, task, reason: 'demo over NATS' }));
    await waitUntilTasksStopped({ client: ecs, ...WAIT }, { cluster: CLUSTER, tasks: [task] });
  });
  await steps.step('NATS: garbage gets an error header', async () => {
    const answer = await nats.request('waybill.cmd.root.ecs.RunTask', '{garbage', { timeout: 5_000 });
    expect(answer.headers?.get('Nats-Service-Error-Code') === '400', 'an error code', answer.string());
  });
  await steps.step('NATS: state changes arrive', async () => {
    await eventually('task state changes', async () => stateChanges.some((s) => s.includes('.ecs.task-state-change.')));
  });

  await steps.step('a killed container is replaced, and the service says so', () => killedContainer(ecs));
  await steps.step('kill -9 of the control plane: containers run on, nothing is lost or doubled', () =>
    killedProcess(ecs, 'controlPlane'),
  );
  await steps.step('kill -9 of the agent: it adopts its containers by label', () => killedProcess(ecs, 'agent'));
  await steps.step('waybill history tells every event of a task', () => history(ecs));
  await steps.step('waybill at shows the services as they were', async () => {
    const then = await product.json<unknown>('at', new Date().toISOString(), 'services');
    expect(JSON.stringify(then).includes(SERVICE), 'the service', then);
  });
  await steps.step('waybill replay --verify: the log folds to the live state and views', async () => {
    await product.cli('replay', '--verify');
  });
  await steps.step('an image that does not exist ends as ECS says', () => missingImage(ecs));
  await steps.step('bad requests get the AWS errors', () => badRequests(ecs));

  await steps.step('the service is deleted and its containers stop', async () => {
    await ecs.send(new DeleteServiceCommand({ cluster: CLUSTER, service: SERVICE, force: true }));
    await eventually('the service is INACTIVE', async () => {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [SERVICE] }));
      return services?.[0]?.status === 'INACTIVE';
    });
    await eventually('no container is left running', async () => (await containersOf(FAMILY, true)).length === 0);
  });
  await steps.step('a second start finds everything as it was', async () => {
    expect((await product.stop()) === 0, 'exit code 0');
    await product.start();
    const again = await product.environment();
    expect(again.AWS_ACCESS_KEY_ID === env.AWS_ACCESS_KEY_ID, 'the same key');
    await product.cli('replay', '--verify');
  });
}

async function clusterLife(ecs: ECSClient): Promise<void> {
  const { cluster } = await ecs.send(
    new CreateClusterCommand({ clusterName: 'spare', tags: [{ key: 'stage', value: 'test' }] }),
  );
  const resourceArn = cluster?.clusterArn;
  await ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'owner', value: 'demo' }] }));
  const { tags } = await ecs.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(tags?.length === 2, 'two tags', tags);
  await ecs.send(new DeleteClusterCommand({ cluster: 'spare' }));
  const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['spare'] }));
  expect(clusters?.[0]?.status === 'INACTIVE', 'an INACTIVE cluster', clusters);
}

async function standaloneTask(ecs: ECSClient): Promise<void> {
  const { tasks = [] } = await ecs.send(new RunTaskCommand({ cluster: CLUSTER, taskDefinition: FAMILY }));
  const arns = tasks.map(({ taskArn = '' }) => taskArn);
  expect(arns.length === 1, 'one task', tasks);
  await waitUntilTasksRunning({ client: ecs, ...WAIT }, { cluster: CLUSTER, tasks: arns });
  const described = await ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: arns }));
  const [task] = described.tasks ?? [];
  expect(task !== undefined, 'the task');
  const answer = await eventually('the container answers', () => curl(task));
  expect(answer.includes('GREETING=hello'), 'its environment', answer);
  await ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: arns[0], reason: 'seen enough' }));
  await waitUntilTasksStopped({ client: ecs, ...WAIT }, { cluster: CLUSTER, tasks: arns });
  const stopped = (await ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: arns }))).tasks?.[0];
  expect(stopped?.stopCode === 'UserInitiated' && stopped.stoppedReason === 'seen enough', 'the reason', stopped);
}

async function rollingUpdate(ecs: ECSClient): Promise<void> {
  await register(ecs, '2');
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: SERVICE, taskDefinition: `${FAMILY}:2` }));
  let fewest = Number.POSITIVE_INFINITY;
  let most = 0;
  await eventually('the rollout is complete', async () => {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [SERVICE] }));
    const [service] = services ?? [];
    const { runningCount = 0, pendingCount = 0, deployments = [] } = service ?? {};
    fewest = Math.min(fewest, runningCount);
    most = Math.max(most, runningCount + pendingCount);
    return deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
  });
  expect(fewest >= 3 && most <= 6, 'between minimumHealthyPercent 100 and maximumPercent 200', { fewest, most });
  const answers = await Promise.all((await stable(ecs, 3)).map(curl));
  expect(
    answers.every((text) => text.includes('version=2')),
    'three answers of version 2',
    answers,
  );
}

async function paging(ecs: ECSClient): Promise<void> {
  const seen = new Set<string>();
  let pages = 0;
  for await (const { taskArns = [] } of paginateListTasks({ client: ecs, pageSize: 2 }, { cluster: CLUSTER })) {
    pages += 1;
    for (const arn of taskArns) seen.add(arn);
  }
  expect(pages === 2 && seen.size === 3, 'three tasks on two pages', { pages, tasks: seen.size });
  const unknown = 'f'.repeat(32);
  const { failures } = await ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: [unknown] }));
  expect(failures?.[0]?.reason === 'MISSING', 'a MISSING failure', failures);
}

async function killedContainer(ecs: ECSClient): Promise<void> {
  const before = new Set((await tasksOf(ecs)).map(({ taskArn }) => taskArn));
  const [victim] = await containersOf(FAMILY, true);
  expect(victim !== undefined, 'a running container');
  await killContainer(victim.id);
  await eventually('a replacement runs', async () => {
    const running = (await tasksOf(ecs)).filter(({ lastStatus }) => lastStatus === 'RUNNING');
    return running.length === 3 && running.some(({ taskArn }) => !before.has(taskArn));
  });
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [SERVICE] }));
  const messages = services?.[0]?.events?.map(({ message = '' }) => message) ?? [];
  expect(
    messages.some((message) => /\(service web\) has started 1 tasks: \(task [0-9a-f]{32}\)\./.test(message)),
    'a service event',
    messages.slice(0, 3),
  );
  await stable(ecs, 3);
}

/** Kills a part hard; the same three containers must run afterwards, and a new task must start. */
async function killedProcess(ecs: ECSClient, part: 'controlPlane' | 'agent'): Promise<void> {
  const before = (await containersOf(FAMILY, true)).map(({ id }) => id).sort();
  const pid = await product.pidOf(part);
  process.kill(pid, 'SIGKILL');
  await eventually(`${part} is back`, async () => (await product.pidOf(part)) !== pid);
  await eventually('the product is ready again', async () => (await product.cli('status')).length > 0);
  const after = (await containersOf(FAMILY, true)).map(({ id }) => id).sort();
  expect(JSON.stringify(after) === JSON.stringify(before), 'the same containers', { before, after });
  await stable(ecs, 3);
  // The instance counts as connected again before it takes new tasks.
  const task = await eventually('a new task is placed', async () => {
    const { tasks } = await ecs.send(new RunTaskCommand({ cluster: CLUSTER, taskDefinition: FAMILY }));
    return tasks?.[0]?.taskArn;
  });
  await waitUntilTasksRunning({ client: ecs, ...WAIT }, { cluster: CLUSTER, tasks: [task] });
  await ecs.send(new StopTaskCommand({ cluster: CLUSTER, task }));
  await waitUntilTasksStopped({ client: ecs, ...WAIT }, { cluster: CLUSTER, tasks: [task] });
  expect((await containersOf(FAMILY, true)).length === before.length, 'no container too many');
}

async function history(ecs: ECSClient): Promise<void> {
  const [task] = await tasksOf(ecs);
  expect(task?.taskArn !== undefined, 'a task');
  const entries = await product.json<{ type: string; principal: string; at: string }[]>('history', task.taskArn);
  const types = entries.map(({ type }) => type);
  for (const type of ['TasksRequested', 'TasksPlaced', 'TaskStateChanged']) expect(types.includes(type), type, types);
  expect(
    entries.every(({ principal, at }) => principal !== '' && at !== ''),
    'a principal and a time each',
    entries,
  );
}

async function missingImage(ecs: ECSClient): Promise<void> {
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'demo-missing',
      containerDefinitions: [{ name: 'x', image: 'waybill/no-such-image:1', memory: 16 }],
    }),
  );
  const { tasks = [] } = await ecs.send(new RunTaskCommand({ cluster: CLUSTER, taskDefinition: 'demo-missing' }));
  const arns = tasks.map(({ taskArn = '' }) => taskArn);
  await waitUntilTasksStopped({ client: ecs, ...WAIT }, { cluster: CLUSTER, tasks: arns });
  const stopped = (await ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: arns }))).tasks?.[0];
  expect(
    stopped?.stopCode === 'TaskFailedToStart' && stopped.stoppedReason?.startsWith('CannotPullContainerError') === true,
    'TaskFailedToStart, CannotPullContainerError',
    { stopCode: stopped?.stopCode, reason: stopped?.stoppedReason },
  );
}

async function badRequests(ecs: ECSClient): Promise<void> {
  const missing = { cluster: CLUSTER, service: 'nobody', desiredCount: 1 };
  const other = { cluster: CLUSTER, serviceName: SERVICE, taskDefinition: FAMILY, desiredCount: 7 };
  const requests: readonly (readonly [error: string, send: () => Promise<unknown>])[] = [
    ['ClusterNotFoundException', () => ecs.send(new RunTaskCommand({ cluster: 'nowhere', taskDefinition: FAMILY }))],
    ['ServiceNotFoundException', () => ecs.send(new UpdateServiceCommand(missing))],
    ['ClientException', () => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'nothing' }))],
    ['InvalidParameterException', () => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: FAMILY }))],
    ['InvalidParameterException', () => ecs.send(new CreateServiceCommand(other))],
  ];
  for (const [error, send] of requests) {
    const found = await errorNameOf(send());
    expect(found === error, error, found);
  }
}

try {
  await demo();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n${product.output.slice(-2_000)}`);
} finally {
  steps.finally('no container of the demo is left', () => removeContainersOf('demo-'));
  await steps.end();
}
