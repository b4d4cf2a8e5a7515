import { describe, expect, test } from '@jest/globals';
import { describeTasks, EcsPublicEvents, resolveCluster, startedTaskOutput } from '../src/index.ts';
import { expectGolden } from './golden.ts';
import { hexId, make, runningReport, taskDefinition, template } from './log-builder.ts';
import { outputOf, World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const TASK = hexId(1);
const INTERFACE = { subnetId: 'subnet-2', macAddress: '02:42:0a:00:00:05', privateIpv4Address: '10.0.0.5' };

/** A task of network mode awsvpc that waits on its host for an address. */
function provisioning(subnets: readonly string[] = ['subnet-2']): World {
  const world = new World();
  const definition = taskDefinition({ networkMode: 'awsvpc' });
  const networkConfiguration = { awsvpcConfiguration: { subnets } };
  return world.apply(
    world.cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE)]),
    world.cluster.commit([
      make.imported(definition),
      make.requested([TASK], template({ networkConfiguration })),
      {
        type: 'TasksPlaced',
        v: 1,
        lastStatus: 'PROVISIONING',
        placements: [{ taskId: TASK, containerInstanceId: INSTANCE }],
      },
    ]),
  );
}

function described(world: World) {
  const [task] = outputOf(describeTasks(world.views, { tasks: [TASK] })).tasks;
  if (task === undefined) throw new Error('the task is gone');
  return task;
}

/** What of a task has to do with its network. */
function network(world: World) {
  const { lastStatus, attachments = [], containers = [] } = described(world);
  const [attachment] = attachments;
  return {
    lastStatus,
    status: attachment?.status,
    details: attachment?.details?.map(({ name }) => name),
    addresses: containers.map(({ networkInterfaces = [] }) => networkInterfaces.map((one) => one.privateIpv4Address)),
  };
}

const DETAILS = ['subnetId', 'networkInterfaceId', 'macAddress', 'privateIPv4Address'];

describe('a task with an address of its own', () => {
  test('its attachment goes PRECREATED, ATTACHED, DETACHING, DELETED', () => {
    const world = provisioning();
    const { cluster } = world;
    expect(network(world)).toEqual({
      lastStatus: 'PROVISIONING',
      status: 'PRECREATED',
      details: ['subnetId'],
      addresses: [[]],
    });
    const attached = { status: 'ATTACHED', details: DETAILS, addresses: [['10.0.0.5']] };
    world.apply(cluster.commit([make.changed(TASK, 'PENDING', { networkInterface: INTERFACE })]));
    expect(network(world)).toEqual({ lastStatus: 'PENDING', ...attached });
    world.apply(cluster.commit([make.changed(TASK, 'RUNNING')]));
    world.apply(cluster.commit([make.changed(TASK, 'STOPPING')]));
    expect(network(world)).toEqual({ lastStatus: 'STOPPING', ...attached });
    world.apply(cluster.commit([make.changed(TASK, 'DEPROVISIONING')]));
    expect(network(world)).toEqual({ ...attached, lastStatus: 'DEPROVISIONING', status: 'DETACHING' });
    world.apply(cluster.commit([make.changed(TASK, 'STOPPED')]));
    expect(network(world)).toEqual({ ...attached, lastStatus: 'STOPPED', status: 'DELETED' });
  });

  test('of several subnets none is named before its host has chosen one', () => {
    expect(network(provisioning(['subnet-1', 'subnet-2'])).details).toEqual([]);
  });

  test('one that never had an address has no interface in the end', () => {
    const world = provisioning();
    world.apply(world.cluster.commit([make.changed(TASK, 'STOPPED', { stopCode: 'TaskFailedToStart' })]));
    expect(network(world)).toEqual({
      lastStatus: 'STOPPED',
      status: 'DELETED',
      details: ['subnetId'],
      addresses: [[]],
    });
  });

  test('an IPv6 address is shown beside the other', () => {
    const world = provisioning();
    const networkInterface = { ...INTERFACE, ipv6Address: 'fd00::5' };
    world.apply(world.cluster.commit([make.changed(TASK, 'PENDING', { networkInterface })]));
    const { attachments = [], containers = [] } = described(world);
    expect(attachments[0]?.details?.at(-1)).toEqual({ name: 'ipv6Address', value: 'fd00::5' });
    expect(containers[0]?.networkInterfaces?.[0]).toMatchObject({ ipv6Address: 'fd00::5' });
  });

  test('as RunTask returns it and DescribeTasks shows it', () => {
    const world = provisioning();
    const where = outputOf(resolveCluster(world.views, undefined));
    const task = where.view.tasks.get(TASK);
    if (task === undefined) throw new Error('the task is gone');
    expectGolden('task-provisioning', startedTaskOutput(where.cluster, task));
    const report = { ...runningReport(world.cluster.at), networkInterface: INTERFACE };
    const containers = [{ name: 'app', lastStatus: 'RUNNING', networkBindings: [] } as const];
    world.apply(world.cluster.commit([make.changed(TASK, 'RUNNING', { ...report, containers })]));
    expectGolden('task-with-address', described(world));
  });

  test('in events its attachment is an eni', () => {
    const world = provisioning();
    const commit = world.cluster.commit([make.changed(TASK, 'PENDING', { networkInterface: INTERFACE })]);
    world.apply(commit);
    const [event] = new EcsPublicEvents(world.views).of(commit);
    const { detail } = JSON.parse(event?.body ?? '') as { detail: object };
    expectGolden('public-event-of-an-address', detail);
  });
});
