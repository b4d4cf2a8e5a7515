import { describe, expect, test } from '@jest/globals';
import type { ClusterEvent, TaskTemplate, UpdateService, VolumeConfiguration } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { ClusterUnderTest, resolved, runTask } from '../../spec/cluster-builder.ts';
import { wantedPageOf } from './wanted-set.ts';

type ManagedVolume = NonNullable<VolumeConfiguration['managedEBSVolume']>;

const ROLE = 'arn:aws:iam::123456789012:role/infrastructure';
const NO_MATCH = 'Volume configuration provided but no matching configuredAtLaunch volume found in task definition.';
const withVolume = resolved({
  volumes: [
    { name: 'data', configuredAtLaunch: true },
    { name: 'logs', host: {} },
  ],
});
const plain = resolved({ revision: 2 });

function volume(members: Partial<ManagedVolume> = {}): VolumeConfiguration {
  return { name: 'data', managedEBSVolume: { roleArn: ROLE, sizeInGiB: 20, ...members } };
}

const RECORDED = {
  name: 'data',
  sizeInGiB: 20,
  filesystemType: 'xfs',
  volumeType: 'gp3',
  roleArn: ROLE,
  deleteOnTermination: true,
};

function given(): ClusterUnderTest {
  return new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
}

function templateIn(events: readonly ClusterEvent[]): TaskTemplate | undefined {
  return events.find((event) => event.type === 'TasksRequested')?.template;
}

describe('volumes that are configured at launch', () => {
  test.each<[string, Partial<ManagedVolume>, object]>([
    ['with defaults', {}, RECORDED],
    [
      'as asked for',
      { filesystemType: 'ext4', volumeType: 'st1', sizeInGiB: 125 },
      { ...RECORDED, filesystemType: 'ext4', volumeType: 'st1', sizeInGiB: 125 },
    ],
    ['not encrypted', { encrypted: false }, RECORDED],
    [
      'kept afterwards',
      { terminationPolicy: { deleteOnTermination: false } },
      { ...RECORDED, deleteOnTermination: false },
    ],
    [
      'with tags of its own and of the task definition',
      {
        tagSpecifications: [
          { resourceType: 'volume', tags: [{ key: 'a', value: 'own' }], propagateTags: 'TASK_DEFINITION' },
        ],
      },
      {
        ...RECORDED,
        tags: [
          { key: 'a', value: 'own' },
          { key: 'b', value: 'd' },
        ],
      },
    ],
  ])('RunTask: %s', (_name, members, recorded) => {
    const tags = [
      { key: 'a', value: 'd' },
      { key: 'b', value: 'd' },
    ];
    const command = runTask({ resolved: { ...withVolume, tags }, volumeConfigurations: [volume(members)] });
    expect(templateIn(given().accept(command))?.volumeConfigurations).toEqual([recorded]);
  });

  test('their host is sent what it needs of them', () => {
    const cluster = given();
    cluster.runOne({ resolved: withVolume, volumeConfigurations: [volume()] });
    const { name, sizeInGiB, filesystemType, deleteOnTermination } = RECORDED;
    expect(wantedPageOf(cluster.state, 'host', null, 10_000)).toMatchObject({
      tasks: [{ volumeConfigurations: [{ name, sizeInGiB, filesystemType, deleteOnTermination }] }],
    });
  });

  test.each<[string, readonly VolumeConfiguration[], string]>([
    ['none', [], "A volume configuration must be provided for volume 'data', which is configured at launch."],
    ['two', [volume(), volume()], 'At most one volume configuration can be specified.'],
    ['another name', [{ ...volume(), name: 'logs' }], NO_MATCH],
    ['no volume', [{ name: 'data' }], "managedEBSVolume must be provided for volume 'data'."],
    ['no role', [volume({ roleArn: 'me' })], "Invalid roleArn: 'me'."],
    [
      'no size',
      [{ name: 'data', managedEBSVolume: { roleArn: ROLE } }],
      'You must specify either sizeInGiB or snapshotId.',
    ],
    ['too small', [volume({ sizeInGiB: 0 })], 'sizeInGiB must be between 1 and 16384 for volume type gp3.'],
    [
      'too small for its type',
      [volume({ volumeType: 'sc1' })],
      'sizeInGiB must be between 125 and 16384 for volume type sc1.',
    ],
    [
      'too large for its type',
      [volume({ volumeType: 'standard', sizeInGiB: 1_025 })],
      'sizeInGiB must be between 1 and 1024 for volume type standard.',
    ],
    [
      'an unknown type',
      [volume({ volumeType: 'ssd' })],
      'volumeType should be one of [gp2,gp3,io1,io2,st1,sc1,standard]',
    ],
    [
      'tags of a service',
      [volume({ tagSpecifications: [{ resourceType: 'volume', propagateTags: 'SERVICE' }] })],
      'Invalid propagateTags value for a standalone task: SERVICE.',
    ],
    [
      'a reserved tag',
      [volume({ tagSpecifications: [{ resourceType: 'volume', tags: [{ key: 'aws:x', value: '' }] }] })],
      'Tag keys that begin with aws: are reserved and cannot be added, changed or removed.',
    ],
  ])('are refused as ECS does: %s', (_name, volumeConfigurations, message) => {
    expect(given().submit(runTask({ resolved: withVolume, volumeConfigurations }))).toEqual({
      rejection: { code: 'InvalidParameter', message },
    });
  });

  test.each<[string, Partial<ManagedVolume>]>([
    ['The volume member snapshotId', { snapshotId: 'snap-1' }],
    ['The volume member kmsKeyId', { kmsKeyId: 'key' }],
    ['The volume member iops', { iops: 3_000 }],
    ['The volume member throughput', { throughput: 125 }],
    ['The volume member volumeInitializationRate', { volumeInitializationRate: 100 }],
    ['An encrypted volume', { encrypted: true }],
    ['The volume type io2', { volumeType: 'io2' }],
    ['The filesystem type ntfs', { filesystemType: 'ntfs' }],
  ])('are refused where a host cannot keep the promise: %s', (what, members) => {
    const command = runTask({ resolved: withVolume, volumeConfigurations: [volume(members)] });
    expect(given().submit(command)).toEqual({
      rejection: { code: 'Unsupported', message: `${what} is not supported by this version.` },
    });
  });

  test('StartTask takes them, too; a definition without such a volume takes none', () => {
    const start = { type: 'StartTask', instanceIds: ['host'], volumeConfigurations: [volume()] } as const;
    expect(templateIn(given().accept({ ...start, resolved: withVolume }))?.volumeConfigurations).toEqual([RECORDED]);
    expect(given().submit({ ...start, resolved: plain })).toMatchObject({ rejection: { message: NO_MATCH } });
  });
});

describe('volumes of a service', () => {
  const service = (): ClusterUnderTest => {
    const cluster = given();
    cluster.accept({
      type: 'CreateService',
      serviceName: 'web',
      resolved: withVolume,
      desiredCount: 2,
      volumeConfigurations: [volume({ tagSpecifications: [{ resourceType: 'volume', propagateTags: 'SERVICE' }] })],
      tags: [{ key: 'team', value: 'shop' }],
    });
    return cluster;
  };
  const primaryId = ({ state }: ClusterUnderTest): string =>
    state.services.get('web')?.deployments[0]?.deploymentId ?? '';
  const update = (members: Partial<UpdateService>): UpdateService => ({
    type: 'UpdateService',
    serviceName: 'web',
    ...members,
  });
  const start = (cluster: ClusterUnderTest): TaskTemplate | undefined => {
    const deploymentId = primaryId(cluster);
    return templateIn(cluster.accept({ type: 'StartServiceTasks', serviceName: 'web', deploymentId, count: 1 }));
  };

  test('each of its tasks has one, with the tags that it takes over', () => {
    expect(start(service())?.volumeConfigurations).toEqual([{ ...RECORDED, tags: [{ key: 'team', value: 'shop' }] }]);
  });

  test.each<[string, Partial<UpdateService>, readonly string[]]>([
    [
      'the same',
      { volumeConfigurations: [volume({ tagSpecifications: [{ resourceType: 'volume', propagateTags: 'SERVICE' }] })] },
      [],
    ],
    ['left out', { desiredCount: 3 }, ['ServiceUpdated']],
    ['another size', { volumeConfigurations: [volume({ sizeInGiB: 40 })] }, ['ServiceUpdated', 'DeploymentStarted']],
    [
      'none, with a definition that has none',
      { resolved: plain, volumeConfigurations: [] },
      ['TaskDefinitionImported', 'ServiceUpdated', 'DeploymentStarted'],
    ],
  ])('another one starts a deployment: %s', (_name, members, types) => {
    expect(
      service()
        .accept(update(members))
        .map(({ type }) => type),
    ).toEqual(types);
  });

  test.each<[string, Partial<UpdateService>, string]>([
    ['a definition without it', { resolved: plain }, NO_MATCH],
    [
      'none',
      { volumeConfigurations: [] },
      "A volume configuration must be provided for volume 'data', which is configured at launch.",
    ],
  ])('must stay those of the task definition: %s', (_name, members, message) => {
    expect(service().submit(update(members))).toEqual({ rejection: { code: 'InvalidParameter', message } });
  });

  test('come back with a rollback', () => {
    const cluster = service();
    const settle = (outcome: 'COMPLETED' | 'FAILED') =>
      cluster.accept({ type: 'SettleDeployment', serviceName: 'web', deploymentId: primaryId(cluster), outcome });
    settle('COMPLETED');
    cluster.accept(update({ resolved: plain, volumeConfigurations: [] }));
    expect(start(cluster)?.volumeConfigurations).toBeUndefined();
    settle('FAILED');
    cluster.accept({ type: 'RollBackService', serviceName: 'web', failedDeploymentId: primaryId(cluster) });
    expect(start(cluster)?.volumeConfigurations).toMatchObject([RECORDED]);
  });
});
