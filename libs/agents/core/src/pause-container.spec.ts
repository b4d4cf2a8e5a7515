import { describe, test } from '@jest/globals';
import type { TaskNetworkInterface } from '#libs/ecs/messages';
import { containerDefinition as container, knownContainer as has, taskDefinition } from '../spec/builders.ts';
import { check, NOW, step, WAIT } from '../spec/step-table.ts';
import type { Row } from '../spec/step-table.ts';
import type { KnownContainer } from './known.ts';
import { PAUSE_CONTAINER_NAME } from './pause-container.ts';

const NETWORK_INTERFACE: TaskNetworkInterface = {
  subnetId: 'subnet-1',
  macAddress: '02:00:00:00:00:01',
  privateIpv4Address: '10.0.0.5',
};
const awsvpc = { ...taskDefinition(container('app'), container('side')), networkMode: 'awsvpc' } as const;
const sharing = { ...taskDefinition(), pidMode: 'task' } as const;
const pause = (members: Partial<KnownContainer> = {}) => has(PAUSE_CONTAINER_NAME, members);
const NETWORK_ENDED = 'ContainerNetworkingError: the container that holds the network of the task has ended';
const bothStopped = [has('app', { phase: 'STOPPED' }), has('side', { phase: 'STOPPED' })];

describe('on the way up', () => {
  const rows: readonly Row[] = [
    {
      name: 'the pause container is made first, without a pull',
      definition: awsvpc,
      step: step('create', PAUSE_CONTAINER_NAME),
      status: 'PROVISIONING',
    },
    {
      name: 'then started',
      definition: awsvpc,
      known: { pause: pause({ phase: 'CREATED' }) },
      step: step('start', PAUSE_CONTAINER_NAME),
      status: 'PROVISIONING',
    },
    {
      name: 'it runs without an address: it is asked to get one',
      definition: awsvpc,
      known: { pause: pause({ phase: 'RUNNING' }) },
      step: step('start', PAUSE_CONTAINER_NAME),
      status: 'PROVISIONING',
    },
    {
      name: 'with its address the others follow',
      definition: awsvpc,
      known: { pause: pause({ phase: 'RUNNING' }), networkInterface: NETWORK_INTERFACE },
      step: step('pull'),
      status: 'PENDING',
    },
    {
      name: 'one that only holds namespaces has none, and no status of its own',
      definition: sharing,
      known: { pause: pause({ phase: 'RUNNING' }) },
      step: step('pull'),
      status: 'PENDING',
    },
    {
      name: 'something happened to it',
      definition: sharing,
      known: { pause: pause({ phase: 'RUNNING', uncertain: true }) },
      step: step('inspect', PAUSE_CONTAINER_NAME),
    },
    {
      name: 'it cannot be made',
      definition: awsvpc,
      known: {
        pause: pause({
          phase: 'STOPPED',
          runtimeId: null,
          startedAt: null,
          givenUp: true,
          reason: 'ContainerNetworkingError: no',
        }),
      },
      step: WAIT,
      status: 'STOPPED',
      ending: { reason: 'ContainerNetworkingError: no', stopCode: 'TaskFailedToStart' },
    },
    {
      name: 'of a task that shares nothing it is only a stranger with that name',
      has: [has('app', { phase: 'RUNNING' })],
      known: { pause: pause({ phase: 'STOPPED', exitCode: 0 }) },
      step: WAIT,
      status: 'RUNNING',
      ending: null,
    },
    {
      name: 'others stand, and it does not: the task they belong to is gone',
      definition: awsvpc,
      has: [has('app', { phase: 'CREATED' })],
      step: WAIT,
      status: 'STOPPED',
      ending: { reason: NETWORK_ENDED, stopCode: 'TaskFailedToStart' },
    },
  ];
  test.each(rows)('$name', check);
});

describe('it ends before its task', () => {
  const running = [has('app', { phase: 'RUNNING' }), has('side', { phase: 'RUNNING' })];
  const rows: readonly Row[] = [
    {
      name: 'the others are stopped',
      definition: awsvpc,
      has: running,
      known: {
        status: 'RUNNING',
        pause: pause({ phase: 'STOPPED', exitCode: 137 }),
        networkInterface: NETWORK_INTERFACE,
      },
      step: step('signal'),
      status: 'STOPPING',
      ending: { reason: NETWORK_ENDED, stopCode: 'EssentialContainerExited' },
    },
    {
      name: 'of a task that shares namespaces',
      definition: sharing,
      wanted: { lastStatus: 'RUNNING' },
      has: [has('app', { phase: 'RUNNING' })],
      known: { pause: pause({ phase: 'STOPPED', exitCode: 137 }) },
      step: step('signal'),
      status: 'STOPPING',
      ending: {
        reason: 'ResourceInitializationError: the container that holds the namespaces of the task has ended',
        stopCode: 'EssentialContainerExited',
      },
    },
    {
      name: 'the machine was switched off: the essential container is the reason',
      definition: awsvpc,
      wanted: { lastStatus: 'RUNNING' },
      has: [has('app', { phase: 'STOPPED', exitCode: 255 }), has('side', { phase: 'STOPPED', exitCode: 255 })],
      known: { pause: pause({ phase: 'STOPPED', exitCode: 255 }), networkInterface: NETWORK_INTERFACE },
      step: step('remove', PAUSE_CONTAINER_NAME),
      status: 'DEPROVISIONING',
      ending: { reason: 'Essential container in task exited', stopCode: 'EssentialContainerExited' },
    },
  ];
  test.each(rows)('$name', check);
});

describe('on the way down it outlives all others', () => {
  const wanted = { desiredStatus: 'STOPPED' } as const;
  const rows: readonly Row[] = [
    {
      name: 'the others first',
      definition: awsvpc,
      wanted,
      has: [has('app', { phase: 'RUNNING', signalledAt: NOW }), has('side', { phase: 'STOPPED' })],
      known: { pause: pause({ phase: 'RUNNING' }) },
      step: { kind: 'wait', until: NOW + 30_000 },
      status: 'STOPPING',
    },
    {
      name: 'then it is killed: it has nothing to finish',
      definition: awsvpc,
      wanted,
      has: bothStopped,
      known: { pause: pause({ phase: 'RUNNING' }) },
      step: step('kill', PAUSE_CONTAINER_NAME),
      status: 'DEPROVISIONING',
    },
    {
      name: 'killed: wait for its end',
      definition: awsvpc,
      wanted,
      has: bothStopped,
      known: { pause: pause({ phase: 'RUNNING', killedAt: NOW - 1 }) },
      step: { kind: 'wait', until: NOW - 1 + 10_000 },
    },
    {
      name: 'and removed at once',
      definition: awsvpc,
      wanted,
      has: bothStopped,
      known: { pause: pause({ phase: 'STOPPED' }) },
      step: step('remove', PAUSE_CONTAINER_NAME),
      status: 'DEPROVISIONING',
    },
    {
      name: 'removed',
      definition: awsvpc,
      wanted,
      has: bothStopped,
      known: { pause: pause({ phase: 'STOPPED', removed: true }) },
      step: WAIT,
      status: 'STOPPED',
    },
    {
      name: 'it was never made',
      definition: awsvpc,
      wanted,
      step: WAIT,
      status: 'STOPPED',
    },
    {
      name: 'namespaces alone: no status shows it',
      definition: sharing,
      wanted: { lastStatus: 'RUNNING', desiredStatus: 'STOPPED' },
      has: [has('app', { phase: 'STOPPED' })],
      known: { status: 'STOPPING', pause: pause({ phase: 'RUNNING' }) },
      step: step('kill', PAUSE_CONTAINER_NAME),
      status: 'STOPPING',
    },
    {
      name: 'without a definition, of a task that is not wanted',
      wanted: null,
      has: [has('app', { phase: 'STOPPED' })],
      known: { unwanted: true, pause: pause({ phase: 'RUNNING' }) },
      step: step('kill', PAUSE_CONTAINER_NAME),
    },
    {
      name: 'found after the end: it goes without delay',
      definition: awsvpc,
      has: bothStopped,
      known: { status: 'STOPPED', stoppedAt: NOW, pause: pause({ phase: 'RUNNING' }) },
      step: step('remove', PAUSE_CONTAINER_NAME),
    },
  ];
  test.each(rows)('$name', check);
});
