import { describe, expect, test } from '@jest/globals';
import type { ReportedTaskStatus, RunTask, TaskReport } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest, resolved } from '../../spec/cluster-builder.ts';
import { wantedPageOf } from './wanted-set.ts';

const SUBNETS = ['subnet-1', 'subnet-2'];
const INTERFACE = { subnetId: 'subnet-2', macAddress: '02:42:0a:00:00:05', privateIpv4Address: '10.0.0.5' };

const request: Partial<RunTask> = {
  resolved: resolved({ revision: 2, networkMode: 'awsvpc' }),
  networkConfiguration: { awsvpcConfiguration: { subnets: SUBNETS, securityGroups: ['sg-1'] } },
};

const given = {
  /** Placed on `host`, without an address. */
  provisioning: () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const { taskId } = cluster.runOne(request);
    return { cluster, taskId };
  },
  at: (knownStatus: ReportedTaskStatus) => {
    const { cluster, taskId } = given.provisioning();
    cluster.report('host', { taskId, knownStatus, networkInterface: INTERFACE });
    return { cluster, taskId };
  },
};

describe('a task of network mode awsvpc', () => {
  test('is PROVISIONING where it was placed; tasks of both kinds in one command are two facts', () => {
    const cluster = new ClusterUnderTest().createCluster().register('host');
    const [bridge = ''] = cluster.run({ count: 1 }).taskIds;
    const [own = '', other = ''] = cluster.run({ ...request, count: 2 }).taskIds;
    const placements = [own, bridge, other].map((taskId) => ({ taskId, instanceId: 'host' }));
    const placed = (taskId: string) => ({ taskId, containerInstanceId: 'host' });
    expect(cluster.accept({ type: 'PlaceTasks', placements, refused: [] })).toEqual([
      { type: 'TasksPlaced', v: 1, placements: [placed(bridge)] },
      { type: 'TasksPlaced', v: 1, lastStatus: 'PROVISIONING', placements: [placed(own), placed(other)] },
    ]);
    expect([bridge, own, other].map((taskId) => cluster.task(taskId).lastStatus)).toEqual([
      'PENDING',
      'PROVISIONING',
      'PROVISIONING',
    ]);
    expect(cluster.state.unplacedTasks.size).toBe(0);
  });

  test('is wanted with its subnets, security groups and tags', () => {
    const { cluster } = given.provisioning();
    cluster.runOne({
      ...request,
      networkConfiguration: { awsvpcConfiguration: { subnets: SUBNETS } },
      tags: [{ key: 'a', value: 'b' }],
    });
    const page = wantedPageOf(cluster.state, 'host', null, 10_000);
    const networks = 'tasks' in page ? page.tasks.map(({ network, tags }) => ({ network, tags })) : [];
    expect(networks).toHaveLength(2);
    expect(networks).toContainEqual({
      network: { subnets: SUBNETS, securityGroups: ['sg-1'], assignPublicIp: false },
      tags: undefined,
    });
    expect(networks).toContainEqual({
      network: { subnets: SUBNETS, securityGroups: [], assignPublicIp: false },
      tags: [{ key: 'a', value: 'b' }],
    });
  });

  test('goes PROVISIONING, PENDING, RUNNING, STOPPING, DEPROVISIONING, STOPPED, and has its address once', () => {
    const { cluster, taskId } = given.provisioning();
    const recorded: unknown[] = [];
    for (const knownStatus of [
      'PROVISIONING',
      'PENDING',
      'RUNNING',
      'STOPPING',
      'DEPROVISIONING',
      'STOPPED',
    ] as const) {
      const networkInterface = knownStatus === 'PROVISIONING' ? {} : { networkInterface: INTERFACE };
      for (const event of cluster.report('host', { taskId, knownStatus, ...networkInterface })) {
        if (event.type === 'TaskStateChanged') recorded.push([event.lastStatus, event.networkInterface]);
      }
    }
    expect(recorded).toEqual([
      ['PENDING', INTERFACE],
      ['RUNNING', undefined],
      ['STOPPING', undefined],
      ['DEPROVISIONING', undefined],
      ['STOPPED', undefined],
    ]);
    expect(cluster.state.placement.remaining('host')).toMatchObject({ cpu: 2048, memory: 4096 });
  });

  test.each<[string, ReportedTaskStatus, Partial<TaskReport>]>([
    ['PROVISIONING after PENDING', 'PENDING', { knownStatus: 'PROVISIONING' }],
    ['STOPPING after DEPROVISIONING', 'DEPROVISIONING', { knownStatus: 'STOPPING' }],
    [
      'another address',
      'RUNNING',
      { knownStatus: 'RUNNING', networkInterface: { ...INTERFACE, privateIpv4Address: '10.0.0.6' } },
    ],
  ])('a late report changes nothing: %s', (_name, before, report) => {
    const { cluster, taskId } = given.at(before);
    const known = { ...cluster.task(taskId) };
    expect(cluster.report('host', { taskId, ...report })).toEqual([]);
    expect(cluster.task(taskId)).toEqual(known);
  });

  test('before it runs, another address is news: its host has lost what it had begun', () => {
    const { cluster, taskId } = given.at('PENDING');
    const other = { ...INTERFACE, privateIpv4Address: '10.0.0.6' };
    const anew = { taskId, knownStatus: 'PENDING', networkInterface: other } as const;
    expect(cluster.report('host', anew)).toMatchObject([{ lastStatus: 'PENDING', networkInterface: other }]);
    expect(cluster.report('host', anew)).toEqual([]);
    cluster.report('host', { taskId, knownStatus: 'RUNNING', networkInterface: other });
    expect(cluster.report('host', { taskId, knownStatus: 'RUNNING', networkInterface: INTERFACE })).toEqual([]);
  });

  test('an address that comes after the status is news by itself', () => {
    const { cluster, taskId } = given.provisioning();
    cluster.report('host', { taskId, knownStatus: 'RUNNING' });
    const late = { taskId, knownStatus: 'RUNNING', networkInterface: INTERFACE } as const;
    expect(cluster.report('host', late)).toMatchObject([{ lastStatus: 'RUNNING', networkInterface: INTERFACE }]);
    expect(cluster.report('host', late)).toEqual([]);
  });

  test('an address of a task that has none of its own is not recorded', () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const { taskId } = cluster.runOne();
    const [event = {}] = cluster.report('host', { taskId, networkInterface: INTERFACE });
    expect('networkInterface' in event).toBe(false);
  });

  test('one that gives its address up is not wanted any more', () => {
    const { cluster, taskId } = given.at('DEPROVISIONING');
    expect(cluster.task(taskId).desiredStatus).toBe('STOPPED');
  });

  test('stopped before it had an address, it ends on its agent’s word', () => {
    const { cluster, taskId } = given.provisioning();
    cluster.accept({ type: 'StopTask', taskId });
    expect(cluster.task(taskId)).toMatchObject({ lastStatus: 'PROVISIONING', desiredStatus: 'STOPPED' });
    cluster.report('host', { taskId, knownStatus: 'STOPPED' });
    expect(cluster.task(taskId)).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'UserInitiated' });
  });

  test('that never gets an address says so when it ends', () => {
    const { cluster, taskId } = given.provisioning();
    const reason = 'ResourceInitializationError: no subnet of subnet-1, subnet-2 is known to this host';
    cluster.report('host', { taskId, knownStatus: 'STOPPED', reason });
    expect(cluster.task(taskId)).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: reason });
  });

  test.each(['PROVISIONING', 'DEPROVISIONING'] as const)('in %s it ends with its container instance', (status) => {
    const { cluster, taskId } = given.at(status);
    cluster.accept({ type: 'ReportInstanceDisconnected', instanceId: 'host', sessionId: 'host-1' });
    expect(cluster.task(taskId).lastStatus).toBe(status);
    cluster.accept({ type: 'DeregisterContainerInstance', instanceId: 'host', force: true });
    expect(cluster.task(taskId)).toMatchObject({ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' });
  });
});
