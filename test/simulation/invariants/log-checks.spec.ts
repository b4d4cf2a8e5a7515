import { expect, test } from '@jest/globals';
import type { ClusterEvent, TaskStateChanged, TaskTemplate } from '#libs/ecs/messages';
import { checkAfter, checkBefore } from './log-checks.ts';
import { LogModel } from './log-model.ts';
import type { InvariantName } from './violation.ts';

const template: TaskTemplate = {
  taskDefinitionArn: 'arn',
  group: 'family:x',
  launchType: 'EC2',
  placementConstraints: [],
  placementStrategy: [],
  tags: [],
};

function registered(instanceId: string): ClusterEvent {
  return {
    type: 'ContainerInstanceRegistered',
    v: 1,
    containerInstanceId: instanceId,
    sessionId: 's',
    resources: { cpu: 1024, memory: 1024, reservedTcpPorts: [22], reservedUdpPorts: [] },
    attributes: [],
    versionInfo: { agentVersion: '1', dockerVersion: '1' },
    hostname: instanceId,
    tags: [],
  };
}

function placed(taskId: string, instanceId: string): ClusterEvent {
  return { type: 'TasksPlaced', v: 1, placements: [{ taskId, containerInstanceId: instanceId }] };
}

function changed(lastStatus: TaskStateChanged['lastStatus']): ClusterEvent {
  return { type: 'TaskStateChanged', v: 1, taskId: 't', lastStatus, containers: [] };
}

const resources = { cpu: 1, memory: 1, tcpPorts: [], udpPorts: [] };
const requested: ClusterEvent = { type: 'TasksRequested', v: 1, taskIds: ['t'], template, resources };
const born: readonly ClusterEvent[] = [registered('a'), registered('b'), requested, placed('t', 'a')];

function broken(events: readonly ClusterEvent[]): readonly InvariantName[] {
  const model = new LogModel();
  const names: InvariantName[] = [];
  for (const event of events) {
    checkBefore(model, event, 0, (name) => names.push(name));
    model.apply(event, 0, 0);
    checkAfter(model, event, (name) => names.push(name));
  }
  return names;
}

test('a life in order breaks nothing', () => {
  expect(broken([...born, changed('RUNNING'), changed('STOPPING'), changed('STOPPED')])).toEqual([]);
});

test.each<[what: string, events: readonly ClusterEvent[], invariant: InvariantName]>([
  ['placed twice', [...born, placed('t', 'b')], 'S4'],
  ['going back', [...born, changed('RUNNING'), changed('PENDING')], 'S5'],
  ['alive again after its end', [...born, changed('STOPPED'), changed('STOPPED')], 'S5'],
  ['made twice', [...born, requested], 'S13'],
  [
    'placed on a host that is gone',
    [
      ...born.slice(0, 3),
      { type: 'ContainerInstanceDeregistered', v: 1, containerInstanceId: 'a', expiresAt: 1 },
      placed('t', 'a'),
    ],
    'S14',
  ],
  ['registered again', [registered('a'), registered('a')], 'S14'],
])('a task or instance %s is reported', (_what, events, invariant) => {
  expect(broken(events)).toContain(invariant);
});
