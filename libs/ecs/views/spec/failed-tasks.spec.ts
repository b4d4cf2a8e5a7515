import { describe, expect, test } from '@jest/globals';
import type { ContainerReport, HealthStatus, TaskDefinition } from '#libs/ecs/messages';
import { describeServices } from '../src/index.ts';
import { hexId, make, serviceSpec, serviceTemplate, taskDefinition } from './log-builder.ts';
import { outputOf, World } from './world.ts';

const DEPLOYMENT = 'ecs-svc/1000000000000000001';
const HOST = hexId(1, 'c');
const TASKS = [1, 2, 3].map((number) => hexId(number));
const [ONE = '', TWO = '', THREE = ''] = TASKS;

/** A service with three tasks that are placed. */
function service(definition: TaskDefinition = taskDefinition(), breaker: object = {}): World {
  const world = new World();
  const { deploymentConfiguration } = serviceSpec();
  const deploymentCircuitBreaker = { enable: true, rollback: false, ...breaker };
  const spec = serviceSpec({ deploymentConfiguration: { ...deploymentConfiguration, deploymentCircuitBreaker } });
  return world.apply(
    world.cluster.commit([make.clusterCreated(), make.instanceRegistered(HOST)]),
    world.cluster.commit([
      make.imported(definition),
      make.serviceCreated('web', { desiredCount: 3, spec }),
      make.deploymentStarted('web', DEPLOYMENT),
      make.requested(TASKS, serviceTemplate('web', DEPLOYMENT)),
      make.placed(TASKS, HOST),
    ]),
  );
}

function failedTasks({ views }: World): unknown {
  const [described] = outputOf(describeServices(views, { services: ['web'] })).services;
  return ((described?.['deployments'] ?? []) as { failedTasks: number }[])[0]?.failedTasks;
}

function fails(world: World, taskId: string): World {
  return world.apply(world.cluster.commit([make.changed(taskId, 'STOPPED', { stopCode: 'TaskFailedToStart' })]));
}

function exits(world: World, taskId: string): World {
  return world.apply(world.cluster.commit([make.changed(taskId, 'STOPPED', { stopCode: 'EssentialContainerExited' })]));
}

function runs(world: World, taskId: string, healthStatus?: HealthStatus): World {
  const container: ContainerReport = { name: 'app', lastStatus: 'RUNNING', ...(healthStatus && { healthStatus }) };
  return world.apply(world.cluster.commit([make.changed(taskId, 'RUNNING', { containers: [container] })]));
}

function withHealthCheck(): TaskDefinition {
  const plain = taskDefinition();
  const healthCheck = { command: ['CMD', 'true'] };
  return { ...plain, containerDefinitions: plain.containerDefinitions.map((one) => ({ ...one, healthCheck })) };
}

describe('failedTasks', () => {
  test('tasks that never ran, until one of the deployment has', () => {
    const world = service();
    expect(failedTasks(fails(world, ONE))).toBe(1);
    runs(world, TWO);
    expect(failedTasks(fails(world, THREE))).toBe(1);
  });

  test('tasks that ran for a moment, while none is healthy', () => {
    const world = service();
    runs(world, ONE);
    expect(failedTasks(exits(world, ONE))).toBe(1);
    runs(world, TWO);
    world.cluster.wait(60);
    runs(world, THREE);
    expect(failedTasks(exits(world, THREE))).toBe(1);
  });

  test('a task that ran long enough and a completed deployment begin anew', () => {
    const world = service();
    fails(world, ONE);
    runs(world, TWO);
    world.cluster.wait(60);
    expect(failedTasks(exits(world, TWO))).toBe(0);
    const other = service();
    fails(other, ONE);
    other.apply(other.cluster.commit([make.deploymentCompleted('web', DEPLOYMENT)]));
    expect(failedTasks(other)).toBe(0);
  });

  test('a stop on purpose is none; a stop for health is one', () => {
    const world = service();
    world.apply(world.cluster.commit([make.stopRequested(ONE), make.changed(ONE, 'STOPPED')]));
    expect(failedTasks(world)).toBe(0);
    const unhealthy = {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Task failed container health checks',
    } as const;
    world.apply(world.cluster.commit([make.stopRequested(TWO, unhealthy)]));
    expect(failedTasks(world)).toBe(1);
    world.apply(world.cluster.commit([make.changed(TWO, 'STOPPED')]));
    expect(failedTasks(world)).toBe(1);
  });

  test('with a health check, health alone begins anew', () => {
    const world = service(withHealthCheck());
    fails(world, ONE);
    runs(world, TWO, 'UNKNOWN');
    expect(failedTasks(world)).toBe(1);
    expect(failedTasks(runs(world, TWO, 'HEALTHY'))).toBe(0);
    runs(world, THREE, 'UNHEALTHY');
    expect(failedTasks(exits(world, THREE))).toBe(0);
  });

  test('resetOnHealthyTask false never begins anew', () => {
    const world = service(withHealthCheck(), { resetOnHealthyTask: false });
    fails(world, ONE);
    expect(failedTasks(runs(world, TWO, 'HEALTHY'))).toBe(1);
  });
});
