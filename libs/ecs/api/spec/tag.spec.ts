import { describe, expect, test } from '@jest/globals';
import { arn, HOST, ranTask, shopWorld } from './api-world.ts';
import { ACCOUNT, outcomesIn, plansIn } from './plan-table.ts';

const tags = [{ key: 'a', value: 'b' }];
const CLUSTER = arn('cluster/default');
const SERVICE = arn('service/default/shop');
const INSTANCE = arn(`container-instance/default/${HOST}`);
const REVISION = arn('task-definition/web:1');

describe('plans', () => {
  plansIn(shopWorld, [
    [
      'TagResource',
      { resourceArn: CLUSTER, tags },
      { command: { type: 'TagClusterResource', resource: { kind: 'cluster' }, tags } },
    ],
    ['TagResource', { resourceArn: SERVICE, tags }, { command: { resource: { kind: 'service', name: 'shop' } } }],
    [
      'TagResource',
      { resourceArn: INSTANCE, tags },
      { command: { resource: { kind: 'container-instance', id: HOST } } },
    ],
    [
      'TagResource',
      { resourceArn: REVISION, tags },
      { shard: ACCOUNT, command: { type: 'TagTaskDefinition', family: 'web', revision: 1, tags } },
    ],
    [
      'UntagResource',
      { resourceArn: REVISION, tagKeys: ['a'] },
      { shard: ACCOUNT, command: { type: 'UntagTaskDefinition', family: 'web', revision: 1, tagKeys: ['a'] } },
    ],
    [
      'UntagResource',
      { resourceArn: SERVICE, tagKeys: ['a'] },
      { command: { type: 'UntagClusterResource', resource: { kind: 'service', name: 'shop' }, tagKeys: ['a'] } },
    ],
    ['TagResource', { resourceArn: `${SERVICE}-x`, tags }, { rejected: 'The specified service does not exist.' }],
    ['TagResource', { resourceArn: 'web', tags }, { rejected: 'Invalid resource ARN: web' }],
    [
      'UntagResource',
      { resourceArn: arn('cluster/x'), tagKeys: [] },
      { rejected: 'The specified cluster does not exist.' },
    ],
    ['ListTagsForResource', { resourceArn: REVISION }, { answer: { tags: [{ key: 'stage', value: 'test' }] } }],
    [
      'ListTagsForResource',
      { resourceArn: arn('task-definition/web:9') },
      { rejected: 'Unable to describe task definition.' },
    ],
  ]);
});

describe('responses', () => {
  outcomesIn(shopWorld, [
    ['TagResource', { resourceArn: CLUSTER, tags }, {}],
    ['TagResource', { resourceArn: CLUSTER, tags: [{ key: 'a' }] }, 'Tag value can not be null.'],
    ['UntagResource', { resourceArn: REVISION, tagKeys: ['stage'] }, {}],
  ]);

  test('the tags of a running task are read, changed and read again', () => {
    const world = shopWorld();
    const resourceArn = arn(`task/default/${ranTask(world)}`);
    world.given(['TagResource', { resourceArn, tags }]);
    expect(world.run('ListTagsForResource', { resourceArn })).toEqual({ output: { tags } });
    world.given(['UntagResource', { resourceArn, tagKeys: ['a', 'none'] }]);
    expect(world.run('ListTagsForResource', { resourceArn })).toEqual({ output: { tags: [] } });
  });
});
