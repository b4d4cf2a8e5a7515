import { describe, expect, test } from '@jest/globals';
import { arn, definition, shopWorld } from './api-world.ts';
import { ACCOUNT, outcomesIn, plansIn } from './plan-table.ts';

const REVISION_2 = { family: 'web', revision: 2 };
const inAccount = (command: object) => ({ shard: ACCOUNT, command });

describe('plans', () => {
  plansIn(shopWorld, [
    [
      'RegisterTaskDefinition',
      { ...definition('new'), tags: [{ key: 'a', value: 'b' }] },
      inAccount({
        type: 'RegisterTaskDefinition',
        region: 'us-east-1',
        input: definition('new'),
        tags: [{ key: 'a', value: 'b' }],
      }),
    ],
    [
      'DeregisterTaskDefinition',
      { taskDefinition: arn('task-definition/web:2') },
      inAccount({ type: 'DeregisterTaskDefinition', ...REVISION_2 }),
    ],
    ['DeregisterTaskDefinition', { taskDefinition: 'web' }, { rejected: 'Revision is missing' }],
    ['DeregisterTaskDefinition', { taskDefinition: 'web:9' }, { rejected: 'Unable to deregister task definition.' }],
    [
      'DeleteTaskDefinitions',
      { taskDefinitions: ['web:2', 'web', arn('cluster/web'), 'web:9'] },
      inAccount({
        type: 'DeleteTaskDefinitions',
        taskDefinitions: [
          { name: 'web:2', id: REVISION_2 },
          { name: 'web', id: 'MALFORMED' },
          { name: arn('cluster/web'), id: 'ELSEWHERE' },
          { name: 'web:9', id: { family: 'web', revision: 9 } },
        ],
      }),
    ],
    ['DescribeTaskDefinition', { taskDefinition: 'web' }, { answer: { taskDefinition: { revision: 3 }, tags: [] } }],
    [
      'DescribeTaskDefinition',
      { taskDefinition: 'web:1', include: ['TAGS'] },
      { answer: { taskDefinition: { status: 'INACTIVE' }, tags: [{ key: 'stage', value: 'test' }] } },
    ],
    ['DescribeTaskDefinition', { taskDefinition: 'x' }, { rejected: 'Unable to describe task definition.' }],
    [
      'ListTaskDefinitions',
      { sort: 'DESC' },
      { answer: { taskDefinitionArns: [arn('task-definition/web:3'), arn('task-definition/web:2')] } },
    ],
    ['ListTaskDefinitions', { nextToken: 'x' }, { rejected: 'Invalid token' }],
    ['ListTaskDefinitionFamilies', {}, { answer: { families: ['web'] } }],
  ]);
});

describe('responses', () => {
  outcomesIn(shopWorld, [
    ['RegisterTaskDefinition', definition('web'), { taskDefinition: { revision: 4, status: 'ACTIVE' } }],
    ['RegisterTaskDefinition', definition('a b'), 'Family contains invalid characters.'],
    ['DeregisterTaskDefinition', { taskDefinition: 'web:2' }, { taskDefinition: { previousStatus: 'ACTIVE' } }],
    [
      'DeleteTaskDefinitions',
      { taskDefinitions: ['web:1', 'web:2', 'x:1'] },
      {
        taskDefinitions: [{ status: 'DELETE_IN_PROGRESS', revision: 1, previousStatus: 'INACTIVE' }],
        failures: [
          { arn: 'web:2', reason: expect.stringContaining('still in ACTIVE status') },
          { arn: 'x:1', reason: expect.stringContaining('does not exist') },
        ],
      },
    ],
    ['DeleteTaskDefinitions', { taskDefinitions: [] }, 'Task definitions cannot be empty.'],
  ]);

  test('a deregistration shows its time only when it is repeated', () => {
    const world = shopWorld();
    const first = world.run('DeregisterTaskDefinition', { taskDefinition: 'web:2' });
    expect(first).not.toHaveProperty('output.taskDefinition.deregisteredAt');
    expect(world.run('DeregisterTaskDefinition', { taskDefinition: 'web:2' })).toMatchObject({
      output: { taskDefinition: { previousStatus: 'INACTIVE', deregisteredAt: expect.any(Number) } },
    });
  });

  test('tags are shown to those who have just given them', () => {
    const tags = [{ key: 'a', value: 'b' }];
    expect(shopWorld().run('RegisterTaskDefinition', { ...definition('new'), tags })).toMatchObject({
      output: { tags },
    });
    expect(shopWorld().run('RegisterTaskDefinition', definition('new'))).not.toHaveProperty('output.tags');
  });
});
