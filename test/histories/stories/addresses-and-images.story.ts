import type { TaskState } from '#libs/ecs/deciders';
import { ClusterRecorder, container } from '../cluster-recorder.ts';
import { registered } from './account.story.ts';

const HOST = 'a'.repeat(32);
const SERVICE = 'web';
const networkConfiguration = {
  awsvpcConfiguration: { subnets: ['subnet-0a1b2c3d', 'subnet-4e5f6071'], securityGroups: ['sg-0a1b2c3d'] },
};
const NETWORK_INTERFACE = {
  subnetId: 'subnet-4e5f6071',
  macAddress: '02:42:0a:00:02:05',
  privateIpv4Address: '10.0.2.5',
};

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

/**
 * A task that gets an address and gives it up; a service that settles on the image of its first task, is scaled while the
 * tag moves, and rolls back to that very image.
 */
export function recordAddressesAndImages(): ClusterRecorder {
  const cluster = new ClusterRecorder();
  cluster.create();
  cluster.wait(1);
  cluster.openSession(HOST);
  liveWithAddress(cluster);
  const members = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };
  const resolved = { taskDefinition: registered(SERVICE, 1), tags: [] };
  cluster.submit({ type: 'CreateService', serviceName: SERVICE, resolved, desiredCount: 1, ...members });
  runAll(cluster, digest('1'));
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, desiredCount: 2 });
  runAll(cluster, digest('1'));
  cluster.look();
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, forceNewDeployment: true });
  cluster.wait(1);
  failUntilRolledBack(cluster);
  runAll(cluster, digest('1'));
  cluster.look();
  return cluster;
}

function liveWithAddress(cluster: ClusterRecorder): void {
  const definition = { ...registered('own', 1), networkMode: 'awsvpc' as const };
  cluster.submit({ type: 'RunTask', resolved: { taskDefinition: definition, tags: [] }, count: 1, networkConfiguration });
  const [task] = cluster.tasks;
  if (task === undefined) throw new Error('the task was not placed');
  cluster.wait(1);
  cluster.reportTask(task, {
    knownStatus: 'PENDING',
    containers: [container('PENDING')],
    networkInterface: NETWORK_INTERFACE,
  });
  cluster.wait(1);
  run(cluster, task, digest('0'));
  cluster.look();
  cluster.submit({ type: 'StopTask', taskId: task.taskId });
  const containers = [container('STOPPED', { exitCode: 143 })];
  for (const knownStatus of ['DEPROVISIONING', 'STOPPED'] as const) {
    cluster.wait(1);
    cluster.reportTask(task, { knownStatus, containers, networkInterface: NETWORK_INTERFACE });
  }
}

function run(cluster: ClusterRecorder, task: TaskState, imageDigest: string): void {
  const runtimeId = `runtime-${task.taskId.slice(0, 8)}`;
  cluster.reportTask(task, {
    startedAt: cluster.at - 100,
    containers: [container('RUNNING', { runtimeId, imageDigest, networkBindings: [] })],
  });
}

const ROUNDS_MAX = 50;

/** Every task that waits runs, until the service does not want another one. */
function runAll(cluster: ClusterRecorder, imageDigest: string): void {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    cluster.wait(6);
    const ending = cluster.tasks.filter(({ desiredStatus }) => desiredStatus === 'STOPPED');
    const waiting = cluster.tasks.filter(({ lastStatus, desiredStatus }) => lastStatus === 'PENDING' && desiredStatus === 'RUNNING');
    for (const task of ending) cluster.end(task, 143);
    for (const task of waiting) run(cluster, task, imageDigest);
    if (ending.length + waiting.length === 0 && cluster.state.services.get(SERVICE)?.steady === true) return;
  }
  throw new Error(`the service is not steady after ${ROUNDS_MAX} rounds`);
}

/** The tag means an image by now that exits at once. */
function failUntilRolledBack(cluster: ClusterRecorder): void {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const [deployment] = cluster.state.services.get(SERVICE)?.deployments ?? [];
    if (typeof deployment?.rollbackOf === 'string') return;
    for (const task of cluster.tasks) {
      if (task.template.deploymentId === deployment?.deploymentId && task.lastStatus === 'PENDING') {
        run(cluster, task, digest('2'));
        cluster.end(task, 1);
      }
    }
    cluster.wait(60);
  }
  throw new Error(`the deployment was not rolled back in ${ROUNDS_MAX} rounds`);
}
