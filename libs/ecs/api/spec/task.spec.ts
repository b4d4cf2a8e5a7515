import { describe, expect, test } from '@jest/globals';
import { arn, HOST, ranTask, shopWorld } from './api-world.ts';
import { outcomesIn, plansIn } from './plan-table.ts';

const INSTANCE = arn(`container-instance/default/${HOST}`);
const ID = '0'.repeat(32);
const resolved = { taskDefinition: { family: 'web', revision: 3 } };

describe('plans', () => {
  plansIn(shopWorld, [
    ['RunTask', { taskDefinition: 'web' }, { command: { type: 'RunTask', resolved, count: 1 } }],
    [
      'RunTask',
      { taskDefinition: 'web', count: 2, startedBy: 'me', clientToken: 't' },
      {
        command: {
          count: 2,
          startedBy: 'me',
          requestHash: '["RunTask",{"count":2,"startedBy":"me","taskDefinition":"web"}]',
        },
        clientToken: 't',
      },
    ],
    ['RunTask', { taskDefinition: 'x', cluster: 'b' }, { rejected: 'TaskDefinition not found.' }],
    ['RunTask', { taskDefinition: 'web', cluster: 'b' }, { rejected: 'Cluster not found.' }],
    [
      'StartTask',
      { taskDefinition: 'web:2', containerInstances: [INSTANCE, 'x'] },
      { command: { type: 'StartTask', resolved: { taskDefinition: { revision: 2 } }, instanceIds: [HOST, 'x'] } },
    ],
    [
      'StartTask',
      { taskDefinition: 'web', containerInstances: [arn('container-instance/b/x')] },
      { rejected: 'Invalid identifier: Identifier is for cluster b. Your cluster is default' },
    ],
    [
      'StopTask',
      { task: arn(`task/default/${ID}`), reason: 'enough' },
      { command: { type: 'StopTask', taskId: ID, reason: 'enough' } },
    ],
    ['StopTask', { task: arn('service/default/shop') }, { rejected: 'The referenced task was not found.' }],
    [
      'DescribeTasks',
      { tasks: [ID] },
      { answer: { tasks: [], failures: [{ arn: arn(`task/default/${ID}`), reason: 'MISSING' }] } },
    ],
    ['ListTasks', { startedBy: 'me', family: 'web' }, { rejected: 'cannot specify startedBy with other arguments' }],
    ['ListTasks', { serviceName: 'x' }, { rejected: 'Service not found.' }],
    ['ListTasks', { startedBy: 'me' }, { answer: { taskArns: [] } }],
  ]);

  test('a token is compared by what was sent, and only where there is one', () => {
    expect(shopWorld().plan('RunTask', { taskDefinition: 'web' })).not.toHaveProperty('submit.command.requestHash');
  });
});

describe('responses', () => {
  outcomesIn(shopWorld, [
    [
      'RunTask',
      { taskDefinition: 'web', tags: [{ key: 'a', value: 'b' }] },
      { tasks: [{ lastStatus: 'PENDING', tags: [{ key: 'a', value: 'b' }] }], failures: [] },
    ],
    [
      'RunTask',
      { taskDefinition: 'web', placementConstraints: [{ type: 'memberOf', expression: 'attribute:gpu == yes' }] },
      { tasks: [], failures: [{ arn: INSTANCE, reason: 'MemberOf placement constraint unsatisfied' }] },
    ],
    ['RunTask', { taskDefinition: 'web', count: 11 }, 'count must be between 1 and 10.'],
    [
      'StartTask',
      { taskDefinition: 'web', containerInstances: [HOST, 'x'] },
      {
        tasks: [{ containerInstanceArn: INSTANCE }],
        failures: [{ arn: arn('container-instance/default/x'), reason: 'MISSING' }],
      },
    ],
    ['StopTask', { task: ID }, 'The referenced task was not found.'],
  ]);

  test('only DescribeTasks shows health', () => {
    const world = shopWorld();
    const task = ranTask(world);
    expect(world.run('DescribeTasks', { tasks: [task] })).toMatchObject({
      output: { tasks: [{ healthStatus: 'UNKNOWN' }] },
    });
    const stopped = world.run('StopTask', { task });
    expect(stopped).toMatchObject({ output: { task: { desiredStatus: 'STOPPED' } } });
    expect(stopped).not.toHaveProperty('output.task.healthStatus');
  });

  test('a task that has stopped already is little more than its end', () => {
    const world = shopWorld();
    const task = ranTask(world);
    world.given(['DeregisterContainerInstance', { containerInstance: HOST, force: true }]);
    expect(world.run('StopTask', { task })).toMatchObject({
      output: { task: { lastStatus: 'STOPPED', containers: [], attachments: [] } },
    });
  });
});
