import { describe, expect, test } from '@jest/globals';
import type { RecordedVolumeConfiguration } from '#libs/ecs/messages';
import { describeServices, describeTasks } from '../src/index.ts';
import { hexId, make, runningReport, serviceSpec, taskDefinition, template } from './log-builder.ts';
import { outputOf, World } from './world.ts';

const INSTANCE = hexId(1, 'c');
const TASK = hexId(1);
const VOLUME: RecordedVolumeConfiguration = {
  name: 'data',
  sizeInGiB: 20,
  filesystemType: 'ext4',
  volumeType: 'gp2',
  roleArn: 'arn:aws:iam::123456789012:role/infrastructure',
  deleteOnTermination: true,
};
const DEFINITION = taskDefinition({ volumes: [{ name: 'data', configuredAtLaunch: true }] });

function placed(members: Partial<RecordedVolumeConfiguration> = {}): World {
  const world = new World();
  return world.apply(
    world.cluster.commit([make.clusterCreated(), make.instanceRegistered(INSTANCE)]),
    world.cluster.commit([
      make.imported(DEFINITION),
      make.requested([TASK], template({ volumeConfigurations: [{ ...VOLUME, ...members }] })),
      make.placed([TASK], INSTANCE),
    ]),
  );
}

function attachments(world: World) {
  return outputOf(describeTasks(world.views, { tasks: [TASK] })).tasks[0]?.attachments ?? [];
}

describe('a volume that was configured at launch', () => {
  test('is CREATED first, and ATTACHED with its id once the task runs', () => {
    const world = placed();
    const details = [
      { name: 'roleArn', value: VOLUME.roleArn },
      { name: 'volumeName', value: 'data' },
      { name: 'deleteOnTermination', value: 'true' },
    ];
    const type = 'AmazonElasticBlockStorage';
    expect(attachments(world)).toEqual([{ id: expect.any(String), type, status: 'CREATED', details }]);
    const before = attachments(world)[0]?.id;
    world.apply(world.cluster.commit([make.changed(TASK, 'RUNNING', runningReport(world.cluster.at))]));
    const volumeId = { name: 'volumeId', value: expect.stringMatching(/^vol-[0-9a-f]{17}$/) };
    expect(attachments(world)).toEqual([{ id: before, type, status: 'ATTACHED', details: [...details, volumeId] }]);
  });

  test.each([
    [true, 'DELETED'],
    [false, 'DETACHED'],
  ])('goes with its task, unless it is to stay: %s', (deleteOnTermination, status) => {
    const world = placed({ deleteOnTermination });
    world.apply(world.cluster.commit([make.changed(TASK, 'STOPPED', { stopCode: 'TaskFailedToStart' })]));
    expect(attachments(world)).toMatchObject([{ status }]);
  });

  test('of a service is shown with its deployment', () => {
    const world = new World();
    const tags = [{ key: 'team', value: 'shop' }];
    const volumeConfigurations = [{ ...VOLUME, tags, propagateTags: 'SERVICE' as const }];
    world.apply(
      world.cluster.commit([
        make.clusterCreated(),
        make.imported(DEFINITION),
        make.serviceCreated('web', { spec: serviceSpec({ volumeConfigurations }) }),
        make.deploymentStarted('web', 'ecs-svc/1'),
      ]),
    );
    const [service] = outputOf(describeServices(world.views, { services: ['web'] })).services;
    expect(service?.deployments?.[0]?.volumeConfigurations).toEqual([
      {
        name: 'data',
        managedEBSVolume: {
          encrypted: false,
          volumeType: 'gp2',
          sizeInGiB: 20,
          tagSpecifications: [{ resourceType: 'volume', tags, propagateTags: 'SERVICE' }],
          roleArn: VOLUME.roleArn,
          filesystemType: 'ext4',
        },
      },
    ]);
  });
});
