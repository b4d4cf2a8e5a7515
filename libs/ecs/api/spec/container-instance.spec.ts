import { describe } from '@jest/globals';
import { arn, HOST, OTHER_HOST, shopWorld } from './api-world.ts';
import type { ApiWorld } from './api-world.ts';
import { outcomesIn, plansIn } from './plan-table.ts';

const INSTANCE = arn(`container-instance/default/${HOST}`);
const ELSEWHERE = 'Invalid identifier: Identifier is for cluster b. Your cluster is default';

/** `HOST` with two tasks, and another one that was deregistered. */
function hostsWorld(): ApiWorld {
  return shopWorld()
    .joined(OTHER_HOST)
    .given(['DeregisterContainerInstance', { containerInstance: OTHER_HOST }]);
}

describe('plans', () => {
  plansIn(hostsWorld, [
    [
      'DeregisterContainerInstance',
      { containerInstance: INSTANCE, force: true },
      { command: { type: 'DeregisterContainerInstance', instanceId: HOST, force: true } },
    ],
    ['DeregisterContainerInstance', { containerInstance: 'x' }, { command: { instanceId: 'x', force: false } }],
    ['DeregisterContainerInstance', { containerInstance: arn('container-instance/b/x') }, { rejected: ELSEWHERE }],
    ['DeregisterContainerInstance', { cluster: 'b', containerInstance: 'x' }, { rejected: 'Cluster not found.' }],
    [
      'UpdateContainerInstancesState',
      { containerInstances: [INSTANCE, 'x'], status: 'DRAINING' },
      { command: { type: 'UpdateContainerInstancesState', instanceIds: [HOST, 'x'], status: 'DRAINING' } },
    ],
    [
      'UpdateContainerInstancesState',
      { containerInstances: [HOST, arn('container-instance/b/x')], status: 'DRAINING' },
      { rejected: ELSEWHERE },
    ],
    [
      'PutAttributes',
      { attributes: [{ name: 'a', value: '1', targetId: INSTANCE }, { name: 'b' }] },
      { command: { type: 'PutAttributes', attributes: [{ name: 'a', value: '1', instanceId: HOST }, { name: 'b' }] } },
    ],
    [
      'DeleteAttributes',
      { attributes: [{ name: 'a', targetId: HOST, targetType: 'container-instance' }] },
      { command: { type: 'DeleteAttributes', attributes: [{ name: 'a', instanceId: HOST }] } },
    ],
    [
      'DescribeContainerInstances',
      { containerInstances: [HOST, 'x'] },
      {
        answer: {
          containerInstances: [{ containerInstanceArn: INSTANCE, status: 'ACTIVE' }],
          failures: [{ arn: arn('container-instance/default/x'), reason: 'MISSING' }],
        },
      },
    ],
    ['DescribeContainerInstances', { containerInstances: [] }, { rejected: 'Container Instances cannot be empty.' }],
    ['ListContainerInstances', {}, { answer: { containerInstanceArns: [INSTANCE] } }],
    ['ListContainerInstances', { cluster: 'b' }, { rejected: 'Cluster not found.' }],
    ['ListAttributes', { targetType: 'container-instance' }, { answer: { attributes: [] } }],
  ]);
});

describe('responses', () => {
  outcomesIn(hostsWorld, [
    [
      'DeregisterContainerInstance',
      { containerInstance: HOST, force: true },
      { containerInstance: { containerInstanceArn: INSTANCE, status: 'INACTIVE' } },
    ],
    ['DeregisterContainerInstance', { containerInstance: HOST }, 'Found running tasks on the instance.'],
    ['DeregisterContainerInstance', { containerInstance: 'x' }, 'Referenced container instance x not found.'],
    [
      'UpdateContainerInstancesState',
      { containerInstances: [HOST, 'x', OTHER_HOST], status: 'DRAINING' },
      {
        containerInstances: [{ containerInstanceArn: INSTANCE, status: 'DRAINING' }],
        failures: [
          { arn: arn('container-instance/default/x'), reason: 'MISSING' },
          { arn: arn(`container-instance/default/${OTHER_HOST}`), reason: 'INACTIVE' },
        ],
      },
    ],
    [
      'UpdateContainerInstancesState',
      { containerInstances: ['x'], status: 'ACTIVE' },
      { containerInstances: [], failures: [{ reason: 'MISSING' }] },
    ],
    [
      'UpdateContainerInstancesState',
      { containerInstances: [], status: 'ACTIVE' },
      'Container Instances cannot be empty.',
    ],
    [
      'PutAttributes',
      { attributes: [{ name: 'a', value: '1', targetId: HOST }] },
      { attributes: [{ name: 'a', value: '1', targetId: INSTANCE }] },
    ],
    ['PutAttributes', { attributes: [{ name: 'a' }] }, 'A targetId must be specified for each attribute.'],
    [
      'PutAttributes',
      { attributes: [{ name: 'a', targetId: HOST, targetType: 'task' }] },
      'The targetType must be container-instance.',
    ],
    ['DeleteAttributes', { attributes: [{ name: 'a', targetId: 'x' }] }, 'The target x was not found.'],
  ]);
});
