import { describe, expect, test } from '@jest/globals';
import { ApiWorld, arn, shopWorld } from './api-world.ts';
import { outcomesIn, plansIn, shardOf } from './plan-table.ts';

const BAD_NAME = 'Cluster names have 1 to 255 letters, digits, hyphens and underscores.';
const CONTAINER_INSIGHTS = [{ name: 'containerInsights', value: 'enabled' }];

function withDeleted(): ApiWorld {
  return shopWorld().given(['CreateCluster', { clusterName: 'old' }], ['DeleteCluster', { cluster: 'old' }]);
}

describe('plans', () => {
  plansIn(withDeleted, [
    [
      'CreateCluster',
      { clusterName: 'new', tags: [{ key: 'a', value: 'b' }] },
      {
        shard: shardOf('new'),
        command: { type: 'CreateCluster', clusterName: 'new', clusterArn: arn('cluster/new'), tags: [{ key: 'a' }] },
      },
    ],
    ['CreateCluster', {}, { command: { clusterName: 'default', clusterArn: arn('cluster/default') } }],
    ['CreateCluster', { clusterName: 'a.b' }, { rejected: BAD_NAME }],
    ['CreateCluster', { clusterName: '' }, { rejected: BAD_NAME }],
    [
      'UpdateCluster',
      { cluster: 'default', settings: CONTAINER_INSIGHTS },
      { command: { type: 'UpdateCluster', settings: CONTAINER_INSIGHTS } },
    ],
    ['UpdateClusterSettings', { cluster: arn('cluster/default') }, { command: { type: 'UpdateCluster' } }],
    ['UpdateCluster', { cluster: 'missing' }, { rejected: 'Cluster not found.' }],
    ['UpdateCluster', { cluster: 'old' }, { shard: shardOf('old'), command: { type: 'UpdateCluster' } }],
    ['DeleteCluster', { cluster: 'old' }, { shard: shardOf('old'), command: { type: 'DeleteCluster' } }],
    ['DeleteCluster', { cluster: arn('service/default/shop') }, { rejected: 'Cluster not found.' }],
    [
      'DescribeClusters',
      { clusters: ['default', 'missing'] },
      {
        answer: {
          clusters: [{ clusterName: 'default', activeServicesCount: 1 }],
          failures: [{ arn: arn('cluster/missing'), reason: 'MISSING' }],
        },
      },
    ],
    ['ListClusters', {}, { answer: { clusterArns: [arn('cluster/default')] } }],
    ['ListClusters', { maxResults: 101 }, { rejected: 'Max results can not be greater than 100' }],
  ]);
});

describe('responses', () => {
  outcomesIn(withDeleted, [
    ['CreateCluster', { clusterName: 'new' }, { cluster: { clusterName: 'new', tags: [] }, clusterCount: 2 }],
    [
      'CreateCluster',
      { clusterName: 'new', tags: [{ key: 'a', value: 'b' }] },
      { cluster: { tags: [{ key: 'a', value: 'b' }] } },
    ],
    [
      'UpdateClusterSettings',
      { cluster: 'default', settings: CONTAINER_INSIGHTS },
      { cluster: { settings: CONTAINER_INSIGHTS, attachments: [] } },
    ],
    ['UpdateCluster', { cluster: 'old' }, 'Cluster was not ACTIVE.'],
    ['DeleteCluster', { cluster: 'old' }, { cluster: { status: 'INACTIVE', attachments: [] }, clusterCount: 1 }],
    [
      'DeleteCluster',
      { cluster: 'default' },
      'The Cluster cannot be deleted while Container Instances are active or draining.',
    ],
  ]);

  test('DeleteCluster shows attachments only once more', () => {
    const world = new ApiWorld().given(['CreateCluster', {}]);
    const first = world.run('DeleteCluster', { cluster: 'default' });
    expect(first).toMatchObject({ output: { cluster: { status: 'INACTIVE' }, clusterCount: 0 } });
    expect(first).not.toHaveProperty('output.cluster.attachments');
  });
});
