import { describe, expect, test } from '@jest/globals';
import { operations } from '../src/index.ts';
import { arn, HOST, shopWorld } from './api-world.ts';

const IN_DEFAULT = arn('cluster/default');
const INSTANCE = arn(`container-instance/default/${HOST}`);
const TASK = '0'.repeat(32);

/** By operation: a request, and what its caller needs the permission for. Nothing that is named has to be there. */
const TABLE: Readonly<Record<string, readonly (readonly [input: object, resources: readonly string[]])[]>> = {
  CreateCluster: [
    [{}, [IN_DEFAULT]],
    [{ clusterName: 'new' }, [arn('cluster/new')]],
  ],
  UpdateCluster: [[{ cluster: 'default' }, [IN_DEFAULT]]],
  UpdateClusterSettings: [[{ cluster: IN_DEFAULT, settings: [] }, [IN_DEFAULT]]],
  DeleteCluster: [[{ cluster: 'gone' }, [arn('cluster/gone')]]],
  DescribeClusters: [
    [{}, [IN_DEFAULT]],
    [{ clusters: ['a', arn('cluster/b')] }, [arn('cluster/a'), arn('cluster/b')]],
  ],
  ListClusters: [[{}, ['*']]],
  DeregisterContainerInstance: [[{ containerInstance: HOST }, [IN_DEFAULT]]],
  UpdateContainerInstancesState: [[{ containerInstances: [HOST, INSTANCE], status: 'ACTIVE' }, [INSTANCE, INSTANCE]]],
  PutAttributes: [
    [{ attributes: [{ name: 'a', targetId: HOST }] }, [INSTANCE]],
    [{ cluster: 'b', attributes: [{ name: 'a', targetId: 'x' }] }, [arn('container-instance/b/x')]],
  ],
  DeleteAttributes: [[{ attributes: [{ name: 'a', targetId: HOST }, { name: 'b' }] }, [INSTANCE]]],
  DescribeContainerInstances: [[{ containerInstances: [HOST] }, [INSTANCE]]],
  ListContainerInstances: [[{ cluster: arn('cluster/b') }, [arn('cluster/b')]]],
  ListAttributes: [[{ targetType: 'container-instance' }, [IN_DEFAULT]]],
  CreateService: [[{ serviceName: 'new', taskDefinition: 'web' }, [arn('service/default/new')]]],
  UpdateService: [[{ cluster: 'b', service: 'shop' }, [arn('service/b/shop')]]],
  DeleteService: [[{ service: arn('service/default/shop') }, [arn('service/default/shop')]]],
  DescribeServices: [[{ cluster: arn('cluster/b'), services: ['x'] }, [arn('service/b/x')]]],
  ListServices: [[{}, ['*']]],
  ListServicesByNamespace: [[{ namespace: 'n' }, ['*']]],
  TagResource: [[{ resourceArn: INSTANCE, tags: [] }, [INSTANCE]]],
  UntagResource: [[{ resourceArn: INSTANCE, tagKeys: [] }, [INSTANCE]]],
  ListTagsForResource: [[{ resourceArn: INSTANCE }, [INSTANCE]]],
  RunTask: [
    [{ taskDefinition: 'web' }, [arn('task-definition/web:3')]],
    [{ taskDefinition: 'web:1' }, [arn('task-definition/web:1')]],
    [{ taskDefinition: 'missing' }, [arn('task-definition/missing:*')]],
  ],
  StartTask: [[{ taskDefinition: 'web:2', containerInstances: [HOST] }, [arn('task-definition/web:2')]]],
  StopTask: [[{ task: TASK }, [arn(`task/default/${TASK}`)]]],
  DescribeTasks: [[{ tasks: [TASK, arn('task/b/x')] }, [arn(`task/default/${TASK}`), arn('task/b/x')]]],
  ListTasks: [
    [{}, ['*']],
    [{ containerInstance: HOST }, [INSTANCE]],
  ],
  RegisterTaskDefinition: [[{ family: 'new', containerDefinitions: [] }, [arn('task-definition/new:*')]]],
  DeregisterTaskDefinition: [[{ taskDefinition: 'web:2' }, ['*']]],
  DeleteTaskDefinitions: [
    [{ taskDefinitions: ['web:1', 'web'] }, [arn('task-definition/web:1'), arn('task-definition/web:*')]],
  ],
  DescribeTaskDefinition: [[{ taskDefinition: 'web' }, ['*']]],
  ListTaskDefinitions: [[{}, ['*']]],
  ListTaskDefinitionFamilies: [[{}, ['*']]],
  ListAccountSettings: [[{}, ['*']]],
};

test('every operation says which permission it needs', () => {
  expect(Object.keys(TABLE).sort()).toEqual([...operations.keys()].sort());
});

describe.each(Object.entries(TABLE))('%s', (name, rows) => {
  test.each(rows)('%j needs it on %j', (input, resources) => {
    const { views } = shopWorld();
    const operation = operations.get(name);
    expect(operation?.authorisation({ ...input }, views)).toEqual({ action: `ecs:${name}`, resources });
  });

  test('changes something, unless it describes or lists', () => {
    expect(operations.get(name)?.isQuery).toBe(/^(Describe|List)/.test(name));
  });
});
