import { ClusterRecorder, container } from '../cluster-recorder.ts';
import { registered } from './account.story.ts';

const FIRST = '1'.repeat(32);
const SECOND = '2'.repeat(32);
const HOUR_SECONDS = 3_600;

/** A cluster is changed, hosts come and go, standalone tasks live, fail and are forgotten. */
export function recordInstancesAndTasks(): ClusterRecorder {
  const cluster = new ClusterRecorder();
  cluster.create();
  cluster.submit({
    type: 'UpdateCluster',
    settings: [{ name: 'containerInsights', value: 'enabled' }],
    configuration: { executeCommandConfiguration: { logging: 'NONE' } },
  });
  cluster.submit({ type: 'TagClusterResource', resource: { kind: 'cluster' }, tags: [{ key: 'stage', value: 'test' }] });
  cluster.submit({ type: 'UntagClusterResource', resource: { kind: 'cluster' }, tagKeys: ['team'] });
  cluster.wait(5);
  cluster.openSession(FIRST, { tags: [{ key: 'rack', value: 'r1' }] });
  cluster.openSession(SECOND);
  attributes(cluster);
  standaloneTasks(cluster);
  cluster.look();
  hostsComeAndGo(cluster);
  cluster.look();
  cluster.wait(HOUR_SECONDS + 60);
  cluster.submit({ type: 'DeleteCluster' });
  cluster.wait(60);
  cluster.create();
  return cluster;
}

function attributes(cluster: ClusterRecorder): void {
  const rack = { name: 'rack', value: 'r1' };
  cluster.submit({
    type: 'PutAttributes',
    attributes: [
      { ...rack, instanceId: FIRST },
      { name: 'spare', instanceId: FIRST },
      { ...rack, value: 'r2', instanceId: SECOND },
    ],
  });
  cluster.submit({ type: 'DeleteAttributes', attributes: [{ name: 'spare', instanceId: FIRST }] });
  const resource = { kind: 'container-instance', id: FIRST } as const;
  cluster.submit({ type: 'TagClusterResource', resource, tags: [{ key: 'floor', value: '3' }] });
  cluster.submit({ type: 'UntagClusterResource', resource, tagKeys: ['floor'] });
}

function standaloneTasks(cluster: ClusterRecorder): void {
  const resolved = { taskDefinition: registered('job', 1), tags: [{ key: 'family', value: 'job' }] };
  const giant = { taskDefinition: registered('giant', 1, { memory: 65_536 }), tags: [] };
  cluster.wait(5);
  // Three requests at once are one commit; the last one fits nowhere.
  cluster.submit(
    {
      type: 'RunTask',
      resolved,
      count: 3,
      clientToken: 'only-once',
      requestHash: 'of-the-first-request',
      startedBy: 'nightly',
      propagateTags: 'TASK_DEFINITION',
      overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'MODE', value: 'night' }] }] },
      placementStrategy: [{ type: 'spread', field: 'attribute:rack' }],
      placementConstraints: [{ type: 'memberOf', expression: 'attribute:rack exists' }],
      tags: [{ key: 'run', value: '1' }],
    },
    { type: 'StartTask', resolved, instanceIds: [FIRST, SECOND], group: 'by-hand' },
    { type: 'RunTask', resolved: giant, count: 1 },
  );
  cluster.wait(2);
  const [runs, exits, cannotStart, isStopped] = cluster.tasks;
  if (!runs || !exits || !cannotStart || !isStopped) throw new Error('four tasks were placed');
  cluster.reportTask(runs, { knownStatus: 'PENDING', containers: [container('PENDING')] });
  cluster.reportTask(cannotStart, {
    knownStatus: 'STOPPED',
    containers: [container('STOPPED')],
    reason: 'CannotPullContainerError: manifest for job:1 not found',
    stopCode: 'TaskFailedToStart',
  });
  cluster.submit({ type: 'StopTask', taskId: isStopped.taskId, reason: 'not needed' });
  cluster.wait(1);
  cluster.run(runs);
  cluster.run(exits);
  cluster.wait(1);
  cluster.reportTask(runs, { containers: [container('RUNNING', { healthStatus: 'HEALTHY' })] });
  cluster.end(exits, 3);
  cluster.reportTask(isStopped, { knownStatus: 'STOPPING', containers: [container('RUNNING')] });
  cluster.wait(1);
  cluster.end(isStopped, 137);
  const resource = { kind: 'task', id: runs.taskId } as const;
  cluster.submit({ type: 'TagClusterResource', resource, tags: [{ key: 'seen', value: 'yes' }] });
  cluster.submit({ type: 'UntagClusterResource', resource, tagKeys: ['run'] });
}

function hostsComeAndGo(cluster: ClusterRecorder): void {
  cluster.disconnect(FIRST);
  cluster.wait(20);
  cluster.reopen();
  cluster.openSession(FIRST);
  cluster.openSession(FIRST, {
    resources: { cpu: 2_048, memory: 4_096, reservedTcpPorts: [22], reservedUdpPorts: [] },
    versionInfo: { agentVersion: '0.2.0', dockerVersion: 'DockerVersion: 28.2.2' },
    attributes: [{ name: 'ecs.os-type', value: 'linux' }],
  });
  cluster.submit({ type: 'UpdateContainerInstancesState', instanceIds: [SECOND], status: 'DRAINING' });
  cluster.submit({ type: 'UpdateContainerInstancesState', instanceIds: [SECOND], status: 'ACTIVE' });
  cluster.wait(5);
  // By force: what runs there is STOPPED without anybody's report.
  cluster.submit({ type: 'DeregisterContainerInstance', instanceId: SECOND, force: true });
  cluster.submit({ type: 'DeregisterContainerInstance', instanceId: FIRST, force: true });
}
