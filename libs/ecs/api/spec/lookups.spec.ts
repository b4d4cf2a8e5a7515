import { describe, expect, test } from '@jest/globals';
import { operations } from '../src/index.ts';
import { arn, shopWorld } from './api-world.ts';

const NO_CLUSTER = { kind: 'rejected', rejection: { code: 'ClusterNotFound', message: 'Cluster not found.' } };
const NO_DEFINITION = { kind: 'rejected', rejection: { code: 'ClientError', message: 'TaskDefinition not found.' } };

/* What is answered to a request whose values do not fit the model: names come first. */
describe('a request with bad values', () => {
  test.each<[string, object, unknown]>([
    ['RunTask', { taskDefinition: 'missing', cluster: 'missing' }, NO_DEFINITION],
    ['RunTask', { taskDefinition: 'web', cluster: 'missing' }, NO_CLUSTER],
    ['RunTask', { taskDefinition: 7 }, null],
    ['StartTask', { taskDefinition: 'missing' }, NO_DEFINITION],
    ['UpdateCluster', { cluster: 'missing' }, NO_CLUSTER],
    ['UpdateCluster', {}, null],
    ['ListTasks', { cluster: 'missing' }, NO_CLUSTER],
    ['ListTasks', { cluster: ['default'] }, null],
    ['CreateService', { cluster: 'missing', taskDefinition: 'missing' }, NO_CLUSTER],
    ['DescribeClusters', { clusters: ['default', 'missing'] }, null],
    [
      'DescribeClusters',
      { clusters: ['missing'] },
      {
        kind: 'answer',
        output: { clusters: [], failures: [{ arn: arn('cluster/missing'), reason: 'MISSING' }] },
      },
    ],
  ])('%s %j', (name, input, expected) => {
    expect(operations.get(name)?.lookups?.({ ...input }, shopWorld().views)).toEqual(expected);
  });

  test.each(['ListClusters', 'RegisterTaskDefinition', 'TagResource', 'ListServicesByNamespace'])(
    '%s looks nothing up',
    (name) => {
      expect(operations.get(name)?.lookups).toBeUndefined();
    },
  );
});
