import { expect, test } from '@jest/globals';
import { describeContainerInstances, describeTasks } from '../src/index.ts';
import { hexId, make, template } from './log-builder.ts';
import { outputOf, World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const TASK = hexId(1);
const resources = {
  cpu: 2048,
  memory: 4096,
  reservedTcpPorts: [],
  reservedUdpPorts: [],
  gpuIds: ['GPU-1', 'GPU-2', 'GPU-3'],
};

/** GPU ids that are registered, and those that are free. */
function gpus(world: World) {
  const [instance] = outputOf(
    describeContainerInstances(world.views, { containerInstances: [INSTANCE] }),
  ).containerInstances;
  return [instance?.registeredResources, instance?.remainingResources].map(
    (list) => list?.find(({ name }) => name === 'GPU')?.stringSetValue,
  );
}

test('GPUs of an instance are free until a task was placed for them, and those that it got are named', () => {
  const world = new World();
  const all = [...resources.gpuIds];
  world.apply(world.cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE, { resources })]));
  expect(gpus(world)).toEqual([all, all]);
  const taken = { cpu: 1, memory: 1, tcpPorts: [], udpPorts: [], devices: { GPU: 2 } };
  world.apply(
    world.cluster.commit([make.imported(), make.requested([TASK], template(), taken), make.placed([TASK], INSTANCE)]),
  );
  expect(gpus(world)).toEqual([all, ['GPU-1']]);
  const containers = [{ name: 'app', lastStatus: 'RUNNING', gpuIds: ['GPU-1', 'GPU-3'] } as const];
  world.apply(world.cluster.commit([make.changed(TASK, 'RUNNING', { containers })]));
  expect(gpus(world)).toEqual([all, ['GPU-2']]);
  const [task] = outputOf(describeTasks(world.views, { tasks: [TASK] })).tasks;
  expect(task?.containers?.[0]?.gpuIds).toEqual(['GPU-1', 'GPU-3']);
  world.apply(world.cluster.commit([make.changed(TASK, 'STOPPED', { containers })]));
  expect(gpus(world)).toEqual([all, all]);
});
