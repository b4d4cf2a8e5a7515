import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  describeClusters,
  describeContainerInstances,
  describeServices,
  describeTaskDefinition,
  describeTasks,
  findTaggedResource,
  instanceIdIn,
  listAttributes,
  listClusters,
  listContainerInstances,
  listServices,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  listTasks,
  outputText,
  readTaskDefinitionNames,
  resolveCluster,
  resolveTaskDefinition,
  resolveTaskDefinitionRevision,
  serviceNameIn,
  taskIdIn,
} from '../src/index.ts';
import { ALICE, hexId, LOCALE, make, serviceTemplate, ShardLog, taskDefinition, template } from './log-builder.ts';
import { rejectionOf, outputOf, World } from './world.ts';

const [HOST_A, HOST_B] = [hexId(1, 'c'), hexId(2, 'c')];
const [ONE, TWO, THREE] = [hexId(1), hexId(2), hexId(3)];
const DEPLOYMENT = 'ecs-svc/1000000000000000001';
const arn = (resource: string): string => `arn:aws:ecs:us-east-1:123456789012:${resource}`;

let world: World;

beforeEach(() => {
  world = new World();
  const { cluster, account } = world;
  world.apply(
    account.commit([
      {
        type: 'TaskDefinitionRegistered',
        v: 1,
        taskDefinition: taskDefinition(),
        tags: [{ key: 'k', value: 'v' }],
        registeredBy: ALICE,
      },
    ]),
    cluster.commit([
      make.clusterCreated({ tags: [{ key: 'team', value: 'shop' }] }),
      make.instanceRegistered(HOST_A, { attributes: [{ name: 'stack', value: 'a' }, { name: 'gpu' }] }),
      make.instanceRegistered(HOST_B, {
        attributes: [{ name: 'stack', value: 'b' }],
        tags: [{ key: 'rack', value: '1' }],
      }),
    ]),
    cluster.commit([
      make.imported(),
      make.serviceCreated('web', { tags: [{ key: 'tier', value: 'front' }] }),
      make.deploymentStarted('web', DEPLOYMENT),
      make.requested([ONE], serviceTemplate('web', DEPLOYMENT)),
      make.requested([TWO], template({ startedBy: 'cron', tags: [{ key: 'a', value: 'b' }] })),
      make.requested([THREE], template({ group: 'databases' })),
      make.placed([THREE], HOST_A),
      make.placed([ONE], HOST_A),
      make.placed([TWO], HOST_B),
    ]),
  );
});

describe('identifiers', () => {
  test('a cluster by name, by ARN, and by nothing', () => {
    for (const text of ['default', arn('cluster/default'), undefined]) {
      expect(outputOf(resolveCluster(world.views, text)).clusterName).toBe('default');
    }
    for (const text of [
      'other',
      arn('cluster/other'),
      arn('service/default'),
      'arn:aws:ecs:eu-west-1:123456789012:cluster/default',
      'arn:aws:ecs:us-east-1:999999999999:cluster/default',
      'arn:x',
    ]) {
      expect(rejectionOf(resolveCluster(world.views, text))).toEqual({
        code: 'ClusterNotFound',
        message: 'Cluster not found.',
      });
    }
  });

  test('a task by id, by ARN and by the old ARN', () => {
    for (const text of [ONE, arn(`task/default/${ONE}`), arn(`task/${ONE}`)]) {
      expect(outputOf(describeTasks(world.views, { tasks: [text] })).tasks).toMatchObject([
        { taskArn: arn(`task/default/${ONE}`) },
      ]);
    }
  });

  test('what is not there is a failure with its full ARN, never an error', () => {
    const { tasks, failures } = outputOf(
      describeTasks(world.views, {
        tasks: ['nope', ONE, arn('service/default/web'), 'arn:aws:s3:::x'],
      }),
    );
    expect(tasks).toHaveLength(1);
    expect(failures).toEqual([
      { arn: arn('task/default/nope'), reason: 'MISSING' },
      { arn: arn('service/default/web'), reason: 'MISSING' },
      { arn: 'arn:aws:s3:::x', reason: 'MISSING' },
    ]);
    const twice = { clusters: ['nope', 'default', arn('cluster/default'), 'nope'] };
    expect(outputOf(describeClusters(world.views, twice))).toMatchObject({
      clusters: [{ clusterName: 'default' }],
      failures: [{ arn: arn('cluster/nope'), reason: 'MISSING' }],
    });
    expect(outputOf(describeClusters(world.views, { clusters: ['nope', arn('cluster/gone')] }))).toEqual({
      clusters: [],
      failures: [
        { arn: arn('cluster/nope'), reason: 'MISSING' },
        { arn: arn('cluster/gone'), reason: 'MISSING' },
      ],
    });
    expect(outputOf(describeServices(world.views, { services: ['nope'] })).failures).toEqual([
      { arn: arn('service/default/nope'), reason: 'MISSING' },
    ]);
    expect(outputOf(describeContainerInstances(world.views, { containerInstances: ['nope'] })).failures).toEqual([
      { arn: arn('container-instance/default/nope'), reason: 'MISSING' },
    ]);
  });

  test('what is named twice is answered once', () => {
    const tasks = [ONE, 'nope', arn('task/nope'), arn(`task/default/${ONE}`), ONE];
    const described = outputOf(describeTasks(world.views, { tasks }));
    expect(described.tasks).toMatchObject([{ taskArn: arn(`task/default/${ONE}`) }]);
    expect(described.failures).toEqual([{ arn: arn('task/default/nope'), reason: 'MISSING' }]);
  });

  test('an ARN of another cluster is refused with the text that clients know', () => {
    expect(rejectionOf(describeTasks(world.views, { tasks: [arn(`task/prod/${ONE}`)] }))).toEqual({
      code: 'InvalidParameter',
      message: 'Invalid identifier: Identifier is for cluster prod. Your cluster is default',
    });
  });

  test('for commands: ids without looking whether they are there', () => {
    const where = outputOf(resolveCluster(world.views, undefined));
    expect(outputOf(taskIdIn(where, 'new'))).toBe('new');
    expect(outputOf(serviceNameIn(where, arn('service/default/web')))).toBe('web');
    expect(outputOf(instanceIdIn(where, 'nope'))).toBe('nope');
    expect(outputOf(instanceIdIn(where, arn(`container-instance/default/${HOST_A}`)))).toBe(HOST_A);
    expect(outputOf(instanceIdIn(where, 'arn:aws:s3:::x'))).toBe('arn:aws:s3:::x');
    expect(rejectionOf(taskIdIn(where, arn(`task/prod/${ONE}`))).code).toBe('InvalidParameter');
    expect(rejectionOf(taskIdIn(where, 'arn:aws:s3:::x'))).toEqual({
      code: 'TaskNotFound',
      message: 'The referenced task was not found.',
    });
    expect(rejectionOf(serviceNameIn(where, arn('task/default/web')))).toEqual({
      code: 'ServiceNotFound',
      message: 'Service not found.',
    });
  });
});

describe('task definitions', () => {
  const register = (family: string, revision: number) =>
    ({
      type: 'TaskDefinitionRegistered',
      v: 1,
      taskDefinition: taskDefinition({ family, revision }),
      tags: [],
      registeredBy: ALICE,
    }) as const;

  beforeEach(() => {
    const { account } = world;
    world.apply(
      account.commit([register('web', 2), register('web', 10), register('api', 1), register('web-old', 1)]),
      account.commit([
        { type: 'TaskDefinitionDeregistered', v: 1, family: 'web', revision: 10 },
        { type: 'TaskDefinitionDeregistered', v: 1, family: 'web-old', revision: 1 },
      ]),
    );
  });

  test('a bare family is its newest ACTIVE revision', () => {
    const { taskDefinition: described, tags } = outputOf(
      describeTaskDefinition(world.views, { taskDefinition: 'web', include: ['TAGS'] }),
    );
    expect(described).toMatchObject({
      family: 'web',
      revision: 2,
      status: 'ACTIVE',
      registeredBy: ALICE,
      registeredAt: 1_772_366_401.25,
    });
    expect(tags).toEqual([]);
    expect(outputOf(resolveTaskDefinition(world.views, 'web')).taskDefinition.revision).toBe(2);
  });

  test('INACTIVE ones stay readable and cannot be used', () => {
    const text = arn('task-definition/web:10');
    const { taskDefinition: described } = outputOf(describeTaskDefinition(world.views, { taskDefinition: text }));
    expect(described).toMatchObject({ revision: 10, status: 'INACTIVE', deregisteredAt: 1_772_366_402.25 });
    expect(rejectionOf(resolveTaskDefinition(world.views, text))).toEqual({
      code: 'InvalidParameter',
      message: 'TaskDefinition is inactive',
    });
    expect(outputOf(resolveTaskDefinitionRevision(world.views, text)).status).toBe('INACTIVE');
  });

  test('deleted and tagged ones', () => {
    world.apply(
      world.account.commit([
        { type: 'TaskDefinitionDeletionRequested', v: 1, family: 'web', revision: 10 },
        {
          type: 'TaskDefinitionTagged',
          v: 1,
          family: 'web',
          revision: 1,
          tags: [
            { key: 'k', value: 'w' },
            { key: 'l', value: 'x' },
          ],
        },
        { type: 'TaskDefinitionUntagged', v: 1, family: 'web', revision: 1, tagKeys: ['l', 'none'] },
      ]),
    );
    const deleting = outputOf(describeTaskDefinition(world.views, { taskDefinition: 'web:10' })).taskDefinition;
    expect(deleting).toMatchObject({ status: 'DELETE_IN_PROGRESS', deleteRequestedAt: 1_772_366_403.25 });
    expect(outputOf(findTaggedResource(world.views, arn('task-definition/web:1'))).tags).toEqual([
      { key: 'k', value: 'w' },
    ]);
    expect(outputOf(listTaskDefinitions(world.views, { status: 'DELETE_IN_PROGRESS' })).taskDefinitionArns).toEqual([
      arn('task-definition/web:10'),
    ]);
  });

  test('unknown ones', () => {
    for (const text of [
      'nope',
      'web:3',
      'web-old',
      'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
      arn('cluster/web'),
    ]) {
      expect(rejectionOf(describeTaskDefinition(world.views, { taskDefinition: text }))).toEqual({
        code: 'ClientError',
        message: 'Unable to describe task definition.',
      });
      expect(rejectionOf(resolveTaskDefinition(world.views, text))).toEqual({
        code: 'ClientError',
        message: 'TaskDefinition not found.',
      });
    }
    expect(rejectionOf(resolveTaskDefinitionRevision(world.views, 'web'))).toEqual({
      code: 'InvalidParameter',
      message: 'Revision is missing',
    });
    expect(rejectionOf(resolveTaskDefinitionRevision(world.views, 'web:99'))).toEqual({
      code: 'ClientError',
      message: 'Unable to deregister task definition.',
    });
  });

  test('names that none can have', () => {
    const badRevision = { code: 'InvalidParameter', message: 'Invalid task definition: Invalid revision number.' };
    const badFamily = { code: 'ClientError', message: 'Family contains invalid characters.' };
    for (const [text, error] of [
      ['web:x', badRevision],
      ['web:', badRevision],
      ['web:1:2', badRevision],
      ['web:9999999999', badRevision],
      [arn('task-definition/web:latest'), badRevision],
      ['my app will be', badFamily],
      ['my app:1', badFamily],
      ['', badFamily],
    ] as const) {
      expect(rejectionOf(describeTaskDefinition(world.views, { taskDefinition: text }))).toEqual(error);
      expect(rejectionOf(resolveTaskDefinition(world.views, text))).toEqual(error);
      expect(rejectionOf(resolveTaskDefinitionRevision(world.views, text))).toEqual(error);
    }
  });

  test('names of revisions to delete, whatever there is', () => {
    const names = ['web:10', arn('task-definition/web:99'), 'web', 'web:x', 'my app', arn('cluster/web')];
    expect(outputOf(readTaskDefinitionNames(world.views, names)).map(({ id }) => id)).toEqual([
      { family: 'web', revision: 10 },
      { family: 'web', revision: 99 },
      'MALFORMED',
      'MALFORMED',
      'MALFORMED',
      'ELSEWHERE',
    ]);
  });

  test('lists by family, then by number, both ways', () => {
    const list = (input: object) =>
      outputOf(listTaskDefinitions(world.views, input)).taskDefinitionArns.map((one) => one.split('/')[1]);
    expect(list({})).toEqual(['api:1', 'web:1', 'web:2']);
    expect(list({ sort: 'DESC' })).toEqual(['web:2', 'web:1', 'api:1']);
    expect(list({ status: 'INACTIVE' })).toEqual(['web:10', 'web-old:1']);
    expect(list({ familyPrefix: 'web' })).toEqual(['web:1', 'web:2']);
    expect(list({ familyPrefix: 'we' })).toEqual([]);
    const families = (input: object) => outputOf(listTaskDefinitionFamilies(world.views, input)).families;
    expect(families({})).toEqual(['api', 'web', 'web-old']);
    expect(families({ familyPrefix: 'web' })).toEqual(['web', 'web-old']);
    expect(families({ status: 'ACTIVE' })).toEqual(['api', 'web']);
    expect(families({ status: 'INACTIVE' })).toEqual(['web-old']);
    world.apply(
      world.account.commit([{ type: 'TaskDefinitionDeletionRequested', v: 1, family: 'web-old', revision: 1 }]),
    );
    expect(families({})).toEqual(['api', 'web', 'web-old']);
    expect(families({ status: 'INACTIVE' })).toEqual(['web-old']);
  });
});

describe('ListTasks', () => {
  const ids = (input: object): readonly string[] =>
    outputOf(listTasks(world.views, input)).taskArns.map((one) => one.split('/').at(-1) ?? '');

  test('the order is that of the ids, whatever came first, on every page', () => {
    const made = ['d', '1', 'e', '7', 'c'].map((digit) => digit.repeat(32));
    world.apply(world.cluster.commit([make.requested(made, template({ group: 'mixed', startedBy: 'mixed' }))]));
    expect(ids({ startedBy: 'mixed' })).toEqual(made.toSorted());
    const pages: string[] = [];
    let page: { taskArns?: readonly string[]; nextToken?: string } = {};
    do {
      const next = page.nextToken === undefined ? {} : { nextToken: page.nextToken };
      page = outputOf(listTasks(world.views, { startedBy: 'mixed', maxResults: 2, ...next }));
      pages.push(...(page.taskArns ?? []).map((one) => one.split('/').at(-1) ?? ''));
    } while (page.nextToken !== undefined);
    expect(pages).toEqual(made.toSorted());
  });

  test('of a service: tasks of deployments that are still in it', () => {
    const { cluster } = world;
    world.apply(
      cluster.commit([
        make.deploymentStarted('web', 'ecs-svc/2'),
        make.changed(ONE, 'STOPPED'),
        { type: 'DeploymentCompleted', v: 1, serviceName: 'web', deploymentId: 'ecs-svc/2', reason: 'done' },
      ]),
    );
    expect(ids({ serviceName: 'web', desiredStatus: 'STOPPED' })).toEqual([ONE]);
    world.apply(cluster.commit([{ type: 'DeploymentRetired', v: 1, serviceName: 'web', deploymentId: DEPLOYMENT }]));
    expect(ids({ serviceName: 'web', desiredStatus: 'STOPPED' })).toEqual([]);
    expect(ids({ family: 'web', desiredStatus: 'STOPPED' })).toContain(ONE);
  });

  test('filters are ANDed', () => {
    expect(ids({})).toEqual([ONE, TWO, THREE]);
    expect(ids({ serviceName: 'web' })).toEqual([ONE]);
    expect(ids({ serviceName: arn('service/default/web'), containerInstance: HOST_B })).toEqual([]);
    expect(ids({ containerInstance: HOST_A })).toEqual([ONE, THREE]);
    expect(ids({ containerInstance: HOST_A, serviceName: 'web', family: 'web', launchType: 'EC2' })).toEqual([ONE]);
    expect(ids({ family: 'api' })).toEqual([]);
    expect(ids({ launchType: 'FARGATE' })).toEqual([]);
    expect(ids({ startedBy: 'cron' })).toEqual([TWO]);
    expect(ids({ daemonName: 'logs' })).toEqual([]);
  });

  test('the status is the desired one', () => {
    const { cluster } = world;
    world.apply(cluster.commit([make.stopRequested(ONE), make.changed(TWO, 'STOPPED')]));
    expect(ids({})).toEqual([THREE]);
    expect(ids({ desiredStatus: 'RUNNING' })).toEqual([THREE]);
    expect(ids({ desiredStatus: 'STOPPED' })).toEqual([ONE, TWO]);
    expect(ids({ desiredStatus: 'PENDING' })).toEqual([]);
  });

  test('errors', () => {
    expect(rejectionOf(listTasks(world.views, { startedBy: 'cron', family: 'web' })).message).toBe(
      'cannot specify startedBy with other arguments',
    );
    expect(rejectionOf(listTasks(world.views, { serviceName: 'nope' })).code).toBe('ServiceNotFound');
    expect(rejectionOf(listTasks(world.views, { containerInstance: 'nope' })).message).toBe(
      'Referenced container instance nope not found.',
    );
    expect(rejectionOf(listTasks(world.views, { cluster: 'nope' })).code).toBe('ClusterNotFound');
  });
});

describe('container instances', () => {
  const ids = (input: object): readonly string[] =>
    outputOf(listContainerInstances(world.views, input)).containerInstanceArns.map(
      (one) => one.split('/').at(-1) ?? '',
    );

  test('by status: all but INACTIVE ones', () => {
    world.apply(
      world.cluster.commit([
        { type: 'ContainerInstanceStatusChanged', v: 1, containerInstanceId: HOST_A, status: 'DRAINING' },
      ]),
    );
    expect(ids({})).toEqual([HOST_A, HOST_B]);
    expect(ids({ status: 'DRAINING' })).toEqual([HOST_A]);
    expect(ids({ status: 'REGISTERING' })).toEqual([]);
    world.apply(world.cluster.commit([make.changed(TWO, 'STOPPED'), make.instanceDeregistered(HOST_B, Infinity)]));
    expect(ids({})).toEqual([HOST_A]);
  });

  test('by a filter of the query language', () => {
    expect(ids({ filter: 'attribute:stack == a' })).toEqual([HOST_A]);
    expect(ids({ filter: 'attribute:gpu exists' })).toEqual([HOST_A]);
    expect(ids({ filter: 'task:group == databases' })).toEqual([HOST_A]);
    expect(ids({ filter: 'not(task:group == databases) and agentConnected == true' })).toEqual([HOST_B]);
    expect(ids({ filter: `ec2InstanceId == mi-${HOST_B.slice(0, 17)}` })).toEqual([HOST_A, HOST_B]);
    expect(ids({ filter: 'runningTasksCount == 0 and registeredAt > 2026-01-01 and agentVersion >= 0.1.0' })).toEqual([
      HOST_A,
      HOST_B,
    ]);
    world.apply(world.cluster.commit([make.changed(THREE, 'STOPPED')]));
    expect(ids({ filter: 'task:group == databases' })).toEqual([]);
    const error = rejectionOf(listContainerInstances(world.views, { filter: 'attribute:stack ==' }));
    expect(error.code).toBe('InvalidParameter');
    expect(error.message).toMatch(/^Invalid expression/);
  });

  test('attributes come and go', () => {
    const list = (input: object = {}) =>
      outputOf(listAttributes(world.views, { targetType: 'container-instance', ...input })).attributes;
    expect(list()).toHaveLength(3);
    world.apply(
      world.cluster.commit([
        {
          type: 'AttributesPut',
          v: 1,
          containerInstanceId: HOST_A,
          attributes: [
            { name: 'stack', value: 'z' },
            { name: 'disk', value: 'ssd' },
          ],
        },
        { type: 'AttributesDeleted', v: 1, containerInstanceId: HOST_A, names: ['gpu'] },
      ]),
    );
    const targetId = arn(`container-instance/default/${HOST_A}`);
    expect(list({ attributeName: 'stack' })).toEqual([
      { name: 'stack', value: 'z', targetId },
      { name: 'stack', value: 'b', targetId: arn(`container-instance/default/${HOST_B}`) },
    ]);
    expect(list({ attributeName: 'disk', attributeValue: 'ssd' })).toEqual([{ name: 'disk', value: 'ssd', targetId }]);
    expect(list({ attributeName: 'gpu' })).toEqual([]);
  });
});

describe('limits', () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `x${index}`);

  test('empty and too long lists', () => {
    const { views } = world;
    expect(rejectionOf(describeTasks(views, { tasks: [] })).message).toBe('Tasks cannot be empty.');
    expect(rejectionOf(describeTasks(views, { tasks: many(101) })).message).toBe('taskIds can have at most 100 items.');
    expect(rejectionOf(describeContainerInstances(views, { containerInstances: [] })).message).toBe(
      'Container Instances cannot be empty.',
    );
    expect(rejectionOf(describeContainerInstances(views, { containerInstances: many(101) })).message).toBe(
      'instanceIds can have at most 100 items.',
    );
    expect(rejectionOf(describeServices(views, { services: [] })).message).toBe('Services cannot be empty.');
    expect(rejectionOf(describeServices(views, { services: many(11) })).message).toBe(
      'service names can have at most 10 items.',
    );
    expect(rejectionOf(describeClusters(views, { clusters: many(101) })).message).toBe(
      'clusters can have at most 100 items.',
    );
    expect(outputOf(describeClusters(views, { clusters: [] })).clusters).toHaveLength(1);
    expect(outputOf(describeTasks(views, { tasks: many(100) })).failures).toHaveLength(100);
  });

  test('a token goes with its parameters alone', () => {
    const { views } = world;
    const first = outputOf(listTasks(views, { maxResults: 1 }));
    const { nextToken = '' } = first;
    expect(nextToken).toMatch(/^[A-Za-z0-9._~%-]+$/);
    expect(outputOf(listTasks(views, { nextToken })).taskArns).toHaveLength(2);
    const bad = [
      listTasks(views, { nextToken, family: 'web' }),
      listTasks(views, { nextToken: `${nextToken}0` }),
      listTasks(views, { nextToken: 'nonsense' }),
      listTasks(views, { nextToken: 'x.%E0%A4%A' }),
      listServices(views, { nextToken }),
      listClusters(views, { nextToken }),
    ];
    for (const answer of bad)
      expect(rejectionOf(answer)).toEqual({ code: 'InvalidParameter', message: 'Invalid token' });
    const badSize = (maxResults: number) => rejectionOf(listTasks(views, { maxResults })).message;
    expect(badSize(101)).toBe('Max results can not be greater than 100');
    expect([0, -1, 1.5].map(badSize)).toEqual(Array(3).fill('Max results can not be less than 1'));
  });

  test('ListServices gives ten by default', () => {
    const { cluster, views } = world;
    world.apply(cluster.commit(many(12).map((name) => make.serviceCreated(name))));
    const first = outputOf(listServices(views, {}));
    expect(first.serviceArns).toHaveLength(10);
    expect(
      outputOf(listServices(views, first.nextToken === undefined ? {} : { nextToken: first.nextToken })).serviceArns,
    ).toHaveLength(3);
    expect(outputOf(listServices(views, { schedulingStrategy: 'DAEMON' })).serviceArns).toEqual([]);
    expect(outputOf(listServices(views, { launchType: 'FARGATE' })).serviceArns).toEqual([]);
    expect(outputOf(listServices(views, { resourceManagementType: 'ECS' })).serviceArns).toEqual([]);
  });
});

describe('tags', () => {
  const tagsOf = (resource: string) => findTaggedResource(world.views, arn(resource));

  test('of every kind of resource, merged and taken away', () => {
    expect(outputOf(tagsOf('cluster/default')).tags).toEqual([{ key: 'team', value: 'shop' }]);
    expect(outputOf(tagsOf('service/default/web')).tags).toEqual([{ key: 'tier', value: 'front' }]);
    expect(outputOf(tagsOf(`container-instance/default/${HOST_B}`)).tags).toEqual([{ key: 'rack', value: '1' }]);
    expect(outputOf(tagsOf('task-definition/web:1')).tags).toEqual([{ key: 'k', value: 'v' }]);
    world.apply(
      world.cluster.commit([
        {
          type: 'ClusterResourceTagged',
          v: 1,
          resource: { kind: 'task', id: TWO },
          tags: [{ key: 'a', value: 'c' }, { key: 'd' }],
        },
        { type: 'ClusterResourceUntagged', v: 1, resource: { kind: 'service', name: 'web' }, tagKeys: ['tier'] },
        { type: 'ClusterResourceTagged', v: 1, resource: { kind: 'cluster' }, tags: [{ key: 'x', value: 'y' }] },
        {
          type: 'ClusterResourceTagged',
          v: 1,
          resource: { kind: 'container-instance', id: HOST_A },
          tags: [{ key: 'x', value: 'y' }],
        },
      ]),
    );
    expect(outputOf(tagsOf(`task/default/${TWO}`)).tags).toEqual([{ key: 'a', value: 'c' }, { key: 'd' }]);
    expect(outputOf(tagsOf('service/default/web')).tags).toEqual([]);
    expect(outputOf(tagsOf('cluster/default')).tags).toHaveLength(2);
    const described = describeTasks(world.views, { tasks: [TWO], include: ['TAGS'] });
    expect(outputOf(described).tasks).toMatchObject([{ tags: [{ key: 'a', value: 'c' }, { key: 'd' }] }]);
    expect(outputOf(describeTasks(world.views, { tasks: [TWO] })).tasks).toMatchObject([{ tags: [] }]);
  });

  test('of what is not there', () => {
    expect(rejectionOf(tagsOf('cluster/nope')).message).toBe('The specified cluster does not exist.');
    expect(rejectionOf(tagsOf('task/default/nope')).code).toBe('TaskNotFound');
    expect(rejectionOf(tagsOf('service/default/nope')).message).toBe('The specified service does not exist.');
    expect(rejectionOf(tagsOf('task-definition/nope:1'))).toEqual({
      code: 'ClientError',
      message: 'Unable to describe task definition.',
    });
    expect(rejectionOf(tagsOf('service/web')).message).toBe('Long arn format must be used for tagging operations');
    expect(rejectionOf(tagsOf('task-set/default/web')).message).toBe('Unsupported resource type: task-set');
    expect(rejectionOf(findTaggedResource(world.views, 'web')).code).toBe('InvalidParameter');
    world.apply(world.cluster.commit([make.changed(ONE, 'STOPPED'), make.serviceDeleted('web', Infinity)]));
    expect(rejectionOf(tagsOf(`task/default/${ONE}`)).message).toBe(
      'The specified task is stopped. Specify a running task and try again.',
    );
    expect(rejectionOf(tagsOf('service/default/web')).message).toBe(
      'The specified service is inactive. Specify an active service and try again.',
    );
    world.apply(world.cluster.commit([{ type: 'ClusterDeleted', v: 1, expiresAt: Infinity }]));
    expect(rejectionOf(tagsOf('cluster/default')).message).toBe(
      'The specified cluster is inactive. Specify an active cluster and try again.',
    );
  });
});

test('the text of an answer is that of its members, cached or not', () => {
  const output = outputOf(describeTasks(world.views, { tasks: [ONE, TWO, 'nope'], include: ['TAGS'] }));
  expect(JSON.parse(outputText(output))).toEqual(JSON.parse(JSON.stringify(output)));
  expect(outputText(output)).toBe(outputText(output));
  expect(outputText({ left: undefined, list: [undefined, null], n: 1 })).toBe('{"list":[null,null],"n":1}');
  expect(outputText({})).toBe('{}');
});

test('clusters are listed by name, page by page', () => {
  for (const name of ['b', 'a', 'c']) {
    const log = ShardLog.ofCluster(name);
    world.apply(log.commit([make.clusterCreated({ clusterName: name, clusterArn: arn(`cluster/${name}`) })]));
  }
  const first = outputOf(listClusters(world.views, { maxResults: 3 }));
  expect(first.clusterArns).toEqual(['a', 'b', 'c'].map((name) => arn(`cluster/${name}`)));
  expect(outputOf(listClusters(world.views, { maxResults: 3, nextToken: first.nextToken ?? '' })).clusterArns).toEqual([
    arn('cluster/default'),
  ]);
  expect(world.views.locale).toEqual(LOCALE);
});
