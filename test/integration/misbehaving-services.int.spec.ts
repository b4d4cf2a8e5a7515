import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ServiceOutput, TaskOutput } from '#libs/ecs/messages';
import { FaultyRegistry } from '#libs/testing';
import { eventually } from '../../apps/cli/spec/running-cli.ts';
import { OneHost } from './support/one-host.ts';

/* What cannot work ends in the state that ECS documents, on a real host, and others are served meanwhile. */

jest.setTimeout(240_000);

type DeploymentOutput = NonNullable<ServiceOutput['deployments']>[number];

const IMAGE = 'waybill/demo:1';
const NEVER_HEALTHY = { command: ['CMD-SHELL', 'exit 1'], interval: 5, timeout: 2, retries: 1 };
const HEALTHY = { command: ['CMD-SHELL', 'exit 0'], interval: 5 };

describe('on one host', () => {
  let host: OneHost;
  const registries: FaultyRegistry[] = [];
  beforeAll(async () => {
    host = await OneHost.start({ WAYBILL_IMAGE_PULL_INACTIVITY_TIMEOUT: '2s' });
  });
  afterEach(() => {
    for (const registry of registries.splice(0)) registry.close();
  });
  afterAll(() => host.stop());

  /** @returns the revision's ARN */
  async function register(family: string, container: object): Promise<string> {
    const { taskDefinition } = await host.ecs<{ taskDefinition: { taskDefinitionArn: string } }>(
      'RegisterTaskDefinition',
      { family, containerDefinitions: [{ name: 'app', image: IMAGE, memory: 16, stopTimeout: 2, ...container }] },
    );
    return taskDefinition.taskDefinitionArn;
  }

  async function service(name: string): Promise<ServiceOutput> {
    const { services } = await host.ecs<{ services: ServiceOutput[] }>('DescribeServices', { services: [name] });
    if (services[0] === undefined) throw new Error(`there is no service ${name}`);
    return services[0];
  }

  async function deploymentOf(name: string, is: (deployment: DeploymentOutput) => boolean): Promise<DeploymentOutput> {
    return await eventually(`a deployment of ${name}`, async () => (await service(name)).deployments?.find(is));
  }

  async function task(taskArn: string): Promise<TaskOutput> {
    const { tasks } = await host.ecs<{ tasks: TaskOutput[] }>('DescribeTasks', { tasks: [taskArn] });
    if (tasks[0] === undefined) throw new Error(`there is no task ${taskArn}`);
    return tasks[0];
  }

  async function run(taskDefinition: string): Promise<string> {
    const { tasks } = await host.ecs<{ tasks: TaskOutput[] }>('RunTask', { taskDefinition });
    return tasks[0]?.taskArn ?? '';
  }

  async function taskThatIs(lastStatus: string, taskArn: string): Promise<TaskOutput> {
    return await eventually(`${taskArn} is ${lastStatus}`, async () => {
      const seen = await task(taskArn);
      return seen.lastStatus === lastStatus ? seen : null;
    });
  }

  /** The agent does what it is told for others. */
  async function expectServed(): Promise<void> {
    const other = await run(await register('other', {}));
    await taskThatIs('RUNNING', other);
    await host.ecs('StopTask', { task: other });
    expect(await taskThatIs('STOPPED', other)).toMatchObject({ stopCode: 'UserInitiated' });
  }

  /** A deployment that has failed lists its tasks no more under its service. */
  async function stoppedTasks(family: string): Promise<readonly TaskOutput[]> {
    const { taskArns } = await host.ecs<{ taskArns: string[] }>('ListTasks', { family, desiredStatus: 'STOPPED' });
    if (taskArns.length === 0) return [];
    return (await host.ecs<{ tasks: TaskOutput[] }>('DescribeTasks', { tasks: taskArns })).tasks;
  }

  test('a version that never becomes healthy is replaced, counted, and rolled back', async () => {
    const good = await register('sick', { healthCheck: HEALTHY });
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
    await host.ecs('CreateService', {
      serviceName: 'sick',
      taskDefinition: good,
      desiredCount: 1,
      deploymentConfiguration,
    });
    await deploymentOf('sick', ({ rolloutState }) => rolloutState === 'COMPLETED');
    const bad = await register('sick', { healthCheck: NEVER_HEALTHY });
    await host.ecs('UpdateService', { service: 'sick', taskDefinition: bad });
    await deploymentOf('sick', ({ taskDefinition }) => taskDefinition === bad);
    await expectServed();
    const isRolledBack = ({ status, taskDefinition, rolloutState }: DeploymentOutput): boolean =>
      status === 'PRIMARY' && taskDefinition === good && rolloutState === 'COMPLETED';
    expect((await deploymentOf('sick', isRolledBack)).runningCount).toBe(1);
    const { events = [] } = await service('sick');
    expect(events.map(({ message }) => message).join('\n')).toMatch(/deployment failed: tasks failed to start/);
    const unhealthy = (await stoppedTasks('sick')).filter(({ healthStatus }) => healthStatus === 'UNHEALTHY');
    const why = { taskDefinitionArn: bad, stoppedReason: 'Task failed container health checks' };
    expect(unhealthy).toMatchObject([why, why, why]);
  });

  test('a program that ends at once is started after growing pauses, until there is a better one', async () => {
    const bad = await register('loop', { command: ['false'] });
    await host.ecs('CreateService', { serviceName: 'loop', taskDefinition: bad, desiredCount: 1 });
    await eventually('ECS says that it cannot start tasks', async () => {
      const { events = [] } = await service('loop');
      return events.find(({ message }) => message?.endsWith('is unable to consistently start tasks successfully.'));
    });
    await expectServed();
    const { deployments = [] } = await service('loop');
    expect(deployments).toMatchObject([{ taskDefinition: bad, rolloutState: 'IN_PROGRESS' }]);
    const good = await register('loop', {});
    await host.ecs('UpdateService', { service: 'loop', taskDefinition: good });
    const isDone = ({ taskDefinition, rolloutState }: DeploymentOutput): boolean =>
      taskDefinition === good && rolloutState === 'COMPLETED';
    expect((await deploymentOf('loop', isDone)).runningCount).toBe(1);
  });

  test.each([
    ['says nothing', { manifest: () => undefined }, 'no answer from the registry within 2s'],
    ['stops in the middle', { layer: () => undefined }, 'image pull shows no progress for 2s'],
  ])('a registry that %s holds nobody else up, and the task ends', async (_how, answers, text) => {
    const registry = new FaultyRegistry('never seen');
    await registry.listen();
    registries.push(registry);
    registry.answers = answers;
    const hanging = await run(await register('hanging', { image: `${registry.host}/hanging:1` }));
    await eventually('the engine asks the registry', async () => registry.requests[1]);
    const cancelled = await run(await register('cancelled', { image: `${registry.host}/cancelled:1` }));
    await expectServed();
    await host.ecs('StopTask', { task: cancelled });
    await taskThatIs('STOPPED', cancelled);
    const { stopCode, stoppedReason, containers = [] } = await taskThatIs('STOPPED', hanging);
    expect({ stopCode, reasons: containers.map(({ reason }) => reason) }).toEqual({
      stopCode: 'TaskFailedToStart',
      reasons: [`CannotPullContainerError: ${text}`],
    });
    expect(stoppedReason).toContain(text);
  });
});
