import { describe, expect, test } from '@jest/globals';
import { CommitRefused, canonicalJson } from '#libs/kernel';
import { clusterShard, accountShard } from '#libs/ecs/messages';
import {
  describeClusters,
  describeContainerInstances,
  describeServices,
  describeTaskDefinition,
  describeTasks,
  findTaggedResource,
  listClusters,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  listTasks,
  ViewDirectory,
} from '../src/index.ts';
import { ClusterView } from '../src/view/cluster.view.ts';
import { SERVICE_MESSAGES_MAX } from '../src/view/records.ts';
import { hexId, LOCALE, make, runningReport, ShardLog, taskDefinition, withEvents } from './log-builder.ts';
import { rejectionOf, outputOf, World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const TASK = hexId(1);

function placedTask(world: World): World {
  const { cluster } = world;
  return world.apply(
    cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE)]),
    cluster.commit([make.imported(), make.requested([TASK]), make.placed([TASK], INSTANCE)]),
  );
}

describe('a view follows its shard', () => {
  test('it states its revision and refuses a gap, a repetition and a foreign shard, and goes on', () => {
    const view = new ClusterView(clusterShard(LOCALE.account, 'default'));
    const log = ShardLog.ofCluster();
    const first = log.commit([make.clusterCreated()]);
    const second = log.commit([make.instanceRegistered(INSTANCE)]);
    expect(() => view.applyCommit(second)).toThrow(CommitRefused);
    expect(view.applyCommit(first)).toBe('applied');
    expect(() => view.applyCommit(first)).toThrow('the view expects revision 2');
    expect(() => view.applyCommit(ShardLog.ofCluster('other').commit([]))).toThrow(CommitRefused);
    expect(view.applyCommit(second)).toBe('applied');
    expect(view.revision).toBe(2);
  });

  test('the directory finds views by shard and by cluster, and passes over what is not ours', () => {
    const world = placedTask(new World());
    const { views } = world;
    expect(views.revisionOf(clusterShard(LOCALE.account, 'default'))).toBe(2);
    expect(views.revisionOf(accountShard(LOCALE.account))).toBe(0);
    expect(views.revisionOf('ecs.999999999999.default')).toBe(0);
    expect(views.cluster('default')?.tasks.size).toBe(1);
    expect(views.apply(new ShardLog('elb.123456789012').commit([]))).toBe('foreign');
    expect(views.apply(new ShardLog('ecs.999999999999.default').commit([]))).toBe('foreign');
    expect([...views.clusters.keys()]).toEqual(['default']);
  });

  test('two views of the same log hold the same, whatever was asked of them in between', () => {
    const [one, other] = [new World(), new World()];
    placedTask(one);
    describeTasks(one.views, { tasks: [TASK] });
    describeContainerInstances(one.views, { containerInstances: [INSTANCE] });
    placedTask(other);
    const shard = clusterShard(LOCALE.account, 'default');
    expect(canonicalJson(one.views.contentOf(shard))).toBe(canonicalJson(other.views.contentOf(shard)));
    one.apply(one.cluster.commit([make.changed(TASK, 'RUNNING')]));
    expect(canonicalJson(one.views.contentOf(shard))).not.toBe(canonicalJson(other.views.contentOf(shard)));
    expect(one.views.contentOf('ecs.123456789012.unknown')).toBeNull();
    expect(one.views.contentOf(accountShard(LOCALE.account))).toEqual({
      shard: 'ecs.123456789012',
      revision: 0,
      taskDefinitions: [],
    });
  });
});

describe('a poison event stops its view and nothing else', () => {
  const poisons = [
    ['an unknown type', [{ type: 'TaskTeleported', v: 1 }]],
    ['the name of an object member', [{ type: 'constructor', v: 1 }]],
    ['a newer schema version', [{ ...make.clusterCreated(), v: 2 }]],
    ['an unknown task', [make.changed(hexId(9), 'RUNNING')]],
    ['an unknown container instance', [make.placed([TASK], hexId(9))]],
    ['a second placement', [make.placed([TASK], INSTANCE)]],
    ['a task that goes back', [make.changed(TASK, 'RUNNING'), make.changed(TASK, 'PENDING')]],
    ['a task that ends twice', [make.changed(TASK, 'STOPPED'), make.changed(TASK, 'STOPPED')]],
    ['an unknown service', [make.message('web', 'm', 'x')]],
    ['an unknown deployment', [make.serviceCreated('web'), make.deploymentCompleted('web', 'ecs-svc/1')]],
    ['a second cluster', [make.clusterCreated()]],
    ['a second registration', [make.instanceRegistered(INSTANCE)]],
    ['a second service of a name', [make.serviceCreated('web'), make.serviceCreated('web')]],
    ['a shape that is none', [{ type: 'TasksForgotten', v: 1 }]],
  ] as const;

  test.each(poisons)('%s', (_what, events) => {
    const world = placedTask(new World());
    const { views, cluster } = world;
    const elsewhere = ShardLog.ofCluster('other');
    expect(views.apply(withEvents(cluster.commit([]), events))).toBe('halted');
    // What comes after it is passed over, and the other shards go on.
    expect(views.apply(cluster.commit([make.clusterCreated()]))).toBe('skipped');
    expect(
      views.apply(
        elsewhere.commit([
          make.clusterCreated({ clusterName: 'other', clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/other' }),
        ]),
      ),
    ).toBe('applied');

    const shard = clusterShard(LOCALE.account, 'default');
    expect(views.revisionOf(shard)).toBe(2);
    expect(views.haltOf(shard)).toMatchObject({ shard, revision: 3 });
    expect(views.halted).toHaveLength(1);
    const answers = [
      describeTasks(views, { tasks: [TASK] }),
      listTasks(views, {}),
      describeClusters(views, { clusters: ['other', 'default'] }),
      findTaggedResource(views, 'arn:aws:ecs:us-east-1:123456789012:cluster/default'),
    ];
    for (const answer of answers) expect(rejectionOf(answer).code).toBe('ViewHalted');
    expect(outputOf(listClusters(views, {})).clusterArns).toHaveLength(2);
    expect(outputOf(describeClusters(views, { clusters: ['other'] })).clusters).toHaveLength(1);
    expect(outputOf(listTaskDefinitions(views, {})).taskDefinitionArns).toEqual([]);
  });

  test('a task definition that goes back stops the view of the account', () => {
    const world = placedTask(new World());
    const { views, account } = world;
    const registered = (revision: number) =>
      ({
        type: 'TaskDefinitionRegistered',
        v: 1,
        taskDefinition: taskDefinition({ revision }),
        tags: [],
        registeredBy: 'me',
      }) as const;
    views.apply(account.commit([registered(2)]));
    expect(views.apply(account.commit([registered(1)]))).toBe('halted');
    expect(rejectionOf(describeTaskDefinition(views, { taskDefinition: 'web' })).code).toBe('ViewHalted');
    expect(rejectionOf(listTaskDefinitions(views, {})).code).toBe('ViewHalted');
    expect(rejectionOf(listTaskDefinitionFamilies(views, {})).code).toBe('ViewHalted');
    expect(outputOf(describeTasks(views, { tasks: [TASK] })).tasks).toHaveLength(1);
  });
});

describe('what has ended stays until it expires', () => {
  const HOUR_MS = 3_600_000;

  test('stopped tasks until the log forgets them', () => {
    const world = placedTask(new World());
    const { views, cluster } = world;
    world.apply(cluster.commit([make.changed(TASK, 'STOPPED')]));
    cluster.wait(10 * 3_600);
    world.apply(cluster.commit([]));
    expect(outputOf(describeTasks(views, { tasks: [TASK] })).tasks).toHaveLength(1);
    world.apply(cluster.commit([{ type: 'TasksForgotten', v: 1, taskIds: [TASK] }]));
    expect(outputOf(describeTasks(views, { tasks: [TASK] })).failures).toEqual([
      { arn: `arn:aws:ecs:us-east-1:123456789012:task/default/${TASK}`, reason: 'MISSING' },
    ]);
  });

  test('INACTIVE services, instances and clusters', () => {
    const world = placedTask(new World());
    const { views, cluster } = world;
    world.apply(
      cluster.commit([make.changed(TASK, 'STOPPED')]),
      cluster.commit([make.serviceCreated('web'), make.serviceDeleted('web', cluster.at + HOUR_MS)]),
      cluster.commit([make.instanceDeregistered(INSTANCE, cluster.at + HOUR_MS)]),
    );
    const status = () => ({
      service: outputOf(describeServices(views, { services: ['web'] })).services.map((one) => one['status']),
      instance: outputOf(describeContainerInstances(views, { containerInstances: [INSTANCE] })).containerInstances.map(
        (one) => one['status'],
      ),
    });
    expect(status()).toEqual({ service: ['INACTIVE'], instance: ['INACTIVE'] });
    cluster.wait(3_600 - 2.5);
    world.apply(cluster.commit([]));
    expect(status()).toEqual({ service: ['INACTIVE'], instance: ['INACTIVE'] });
    cluster.wait(1);
    world.apply(cluster.commit([]));
    expect(status()).toEqual({ service: [], instance: [] });
    // A task keeps the ARN of an instance that is gone.
    expect(outputOf(describeTasks(views, { tasks: [TASK] })).tasks[0]).toHaveProperty('containerInstanceArn');

    world.apply(cluster.commit([{ type: 'ClusterDeleted', v: 1, expiresAt: cluster.at + HOUR_MS }]));
    expect(outputOf(describeClusters(views, {})).clusters).toMatchObject([{ status: 'INACTIVE' }]);
    expect(outputOf(listClusters(views, {})).clusterArns).toEqual([]);
    expect(rejectionOf(listTasks(views, {}))).toEqual({ code: 'ClusterNotFound', message: 'Cluster not found.' });
    cluster.wait(3_600);
    world.apply(cluster.commit([]));
    expect(outputOf(describeClusters(views, {})).failures).toEqual([
      { arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/default', reason: 'MISSING' },
    ]);
    world.apply(cluster.commit([make.clusterCreated()]));
    expect(outputOf(describeClusters(views, {})).clusters).toMatchObject([{ status: 'ACTIVE' }]);
  });

  test('a name that is used again within the hour does not vanish with its first bearer', () => {
    const world = placedTask(new World());
    const { views, cluster } = world;
    world.apply(
      cluster.commit([make.serviceCreated('web'), make.serviceDeleted('web', cluster.at + HOUR_MS)]),
      cluster.commit([make.serviceCreated('web', { desiredCount: 5 })]),
    );
    cluster.wait(3_600);
    world.apply(cluster.commit([]));
    expect(outputOf(describeServices(views, { services: ['web'] })).services).toMatchObject([
      { status: 'ACTIVE', desiredCount: 5 },
    ]);
  });

  test(`the newest ${SERVICE_MESSAGES_MAX} service messages`, () => {
    const world = placedTask(new World());
    const { views, cluster } = world;
    world.apply(cluster.commit([make.serviceCreated('web')]));
    for (let i = 1; i <= SERVICE_MESSAGES_MAX + 5; i++)
      world.apply(cluster.commit([make.message('web', `m-${i}`, 'x')]));
    const [service] = outputOf(describeServices(views, { services: ['web'] })).services;
    const ids = ((service?.['events'] ?? []) as { id: string }[]).map(({ id }) => id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([100, 'm-105', 'm-6']);
  });
});

describe('an instance without its agent', () => {
  test('its tasks run on and say so; a stopped one stays as it was', () => {
    const world = placedTask(new World());
    const { views, cluster } = world;
    const other = hexId(2);
    world.apply(
      cluster.commit([make.requested([other]), make.placed([other], INSTANCE)]),
      cluster.commit([make.changed(TASK, 'RUNNING', runningReport(cluster.at)), make.changed(other, 'STOPPED')]),
      cluster.commit([{ type: 'ContainerInstanceDisconnected', v: 1, containerInstanceId: INSTANCE, sessionId: 's' }]),
    );
    const connectivity = () =>
      outputOf(describeTasks(views, { tasks: [TASK, other] })).tasks.map((task) => task['connectivity']);
    expect(connectivity()).toEqual(['DISCONNECTED', 'CONNECTED']);
    world.apply(
      cluster.commit([
        {
          type: 'ContainerInstanceConnected',
          v: 1,
          containerInstanceId: INSTANCE,
          sessionId: 's2',
          attributes: [{ name: 'stack', value: 'b' }],
          resources: { cpu: 4096, memory: 8000, reservedTcpPorts: [22], reservedUdpPorts: [], gpuIds: ['gpu-1'] },
        },
      ]),
    );
    expect(connectivity()).toEqual(['CONNECTED', 'CONNECTED']);
    const [instance] = outputOf(
      describeContainerInstances(views, { containerInstances: [INSTANCE] }),
    ).containerInstances;
    expect(instance).toMatchObject({ agentConnected: true, attributes: [{ name: 'stack', value: 'b' }] });
    const remaining = instance?.['remainingResources'] as {
      name: string;
      integerValue: number;
      stringSetValue?: string[];
    }[];
    expect(remaining.map(({ name, integerValue, stringSetValue }) => [name, stringSetValue ?? integerValue])).toEqual([
      ['CPU', 4096 - 128],
      ['MEMORY', 8000 - 64],
      ['PORTS', ['22']],
      ['PORTS_UDP', []],
      ['GPU', ['gpu-1']],
    ]);
  });
});

test('a directory of another account sees nothing', () => {
  const views = new ViewDirectory({ region: 'us-east-1', account: '000000000000' });
  expect(views.apply(ShardLog.ofCluster().commit([make.clusterCreated()]))).toBe('foreign');
});
