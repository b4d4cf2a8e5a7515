import { ClusterRecorder, container } from '../cluster-recorder.ts';
import { registered } from './account.story.ts';

const HOSTS = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
const SERVICE = 'web';

function withHosts(): ClusterRecorder {
  const cluster = new ClusterRecorder();
  cluster.create();
  cluster.wait(1);
  for (const host of HOSTS) cluster.openSession(host);
  return cluster;
}

/** A service is created, scaled, rolled to another revision, drained from a host and deleted. */
export function recordServiceLife(): ClusterRecorder {
  const cluster = withHosts();
  cluster.submit({
    type: 'CreateService',
    serviceName: SERVICE,
    resolved: { taskDefinition: registered(SERVICE, 1), tags: [{ key: 'family', value: SERVICE }] },
    desiredCount: 3,
    clientToken: 'only-once',
    propagateTags: 'SERVICE',
    enableECSManagedTags: true,
    placementStrategy: [{ type: 'spread', field: 'instanceId' }],
    tags: [{ key: 'team', value: 'shop' }],
  });
  cluster.calm();
  cluster.look();
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, desiredCount: 5 });
  cluster.calm();
  const resource = { kind: 'service', name: SERVICE } as const;
  cluster.submit({ type: 'TagClusterResource', resource, tags: [{ key: 'stage', value: 'test' }] });
  cluster.submit({ type: 'UntagClusterResource', resource, tagKeys: ['team'] });
  const resolved = { taskDefinition: registered(SERVICE, 2), tags: [] };
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, resolved, desiredCount: 3 });
  cluster.calm();
  cluster.reopen();
  cluster.submit({ type: 'UpdateContainerInstancesState', instanceIds: HOSTS.slice(0, 1), status: 'DRAINING' });
  cluster.calm();
  cluster.look();
  const [victim] = cluster.tasks;
  if (victim === undefined) throw new Error('the service has no task');
  cluster.end(victim, 1);
  cluster.calm();
  cluster.submit({ type: 'DeleteService', serviceName: SERVICE, force: true });
  cluster.calm();
  return cluster;
}

/** A bad revision trips the circuit breaker and is rolled back; another service finds no room. */
export function recordFailedDeployments(): ClusterRecorder {
  const cluster = withHosts();
  const healthCheck = { command: ['CMD-SHELL', 'true'] };
  cluster.submit({
    type: 'CreateService',
    serviceName: SERVICE,
    resolved: { taskDefinition: registered(SERVICE, 1), tags: [] },
    desiredCount: 2,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
  cluster.calm();
  const bad = registered(SERVICE, 2, { healthCheck });
  cluster.submit({ type: 'UpdateService', serviceName: SERVICE, resolved: { taskDefinition: bad, tags: [] } });
  failUntilRolledBack(cluster, bad.taskDefinitionArn);
  cluster.look();
  cluster.calm();
  turnUnhealthy(cluster);
  cluster.submit({
    type: 'CreateService',
    serviceName: 'roomless',
    resolved: { taskDefinition: registered('giant', 1, { memory: 65_536 }), tags: [] },
    desiredCount: 1,
  });
  cluster.wait(30);
  return cluster;
}

const ROUNDS_MAX = 50;

/** Its image cannot be pulled, however often it is tried. */
function failUntilRolledBack(cluster: ClusterRecorder, taskDefinitionArn: string): void {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if (typeof cluster.state.services.get(SERVICE)?.deployments[0]?.rollbackOf === 'string') return;
    cluster.wait(1);
    for (const task of cluster.tasks) {
      if (task.template.taskDefinitionArn !== taskDefinitionArn) continue;
      cluster.reportTask(task, {
        knownStatus: 'STOPPED',
        containers: [container('STOPPED')],
        reason: 'CannotPullContainerError: manifest for web:2 not found',
        stopCode: 'TaskFailedToStart',
      });
    }
    cluster.wait(30);
  }
  throw new Error(`the deployment was not rolled back in ${ROUNDS_MAX} rounds`);
}

/** A service whose tasks have health checks: failures, health, ill health; another one waits for a host with room. */
export function recordHealthAndRoom(): ClusterRecorder {
  const cluster = withHosts();
  const healthCheck = { command: ['CMD-SHELL', 'true'] };
  cluster.submit({
    type: 'CreateService',
    serviceName: SERVICE,
    resolved: { taskDefinition: registered(SERVICE, 1, { healthCheck }), tags: [] },
    desiredCount: 3,
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: false } },
  });
  cluster.wait(1);
  const [fails, heals] = cluster.tasks;
  if (fails === undefined || heals === undefined) throw new Error('the service has no two tasks');
  cluster.end(fails, 1);
  const healthy = (healthStatus: 'HEALTHY' | 'UNHEALTHY') => ({ containers: [container('RUNNING', { healthStatus })] });
  cluster.reportTask(heals, healthy('HEALTHY'));
  cluster.look();
  cluster.wait(1);
  for (const task of cluster.tasks) cluster.reportTask(task, healthy('HEALTHY'));
  cluster.wait(1);
  cluster.reportTask(heals, healthy('UNHEALTHY'));
  cluster.wait(1);
  for (const task of cluster.tasks) if (task !== heals) cluster.reportTask(task, healthy('HEALTHY'));
  cluster.wait(1);
  cluster.look();
  cluster.submit({
    type: 'CreateService',
    serviceName: 'crowd',
    resolved: { taskDefinition: registered('crowd', 1, { memory: 1_900 }), tags: [] },
    desiredCount: 6,
  });
  cluster.wait(1);
  cluster.openSession('d'.repeat(32));
  cluster.wait(5);
  return cluster;
}

/** A task turns unhealthy and is replaced. */
function turnUnhealthy(cluster: ClusterRecorder): void {
  const [task] = cluster.tasks;
  if (task === undefined) throw new Error('the service has no task');
  cluster.reportTask(task, { containers: [container('RUNNING', { healthStatus: 'UNHEALTHY' })] });
  cluster.calm();
}
