import { describe, expect, test } from '@jest/globals';
import type { ContainerDefinition } from '#libs/ecs/messages';
import { schedulerSaga } from '#libs/ecs/reconcile';
import { AccountUnderTest, container } from '../../spec/account-builder.ts';
import { ClusterUnderTest, RESOURCES, runTask } from '../../spec/cluster-builder.ts';

type Requirements = NonNullable<ContainerDefinition['resourceRequirements']>;

const NO_NUMBER = "Invalid GPU resource requirement for container 'app'. The value must be a number of GPUs, as text.";
const gpus = (value: string): Requirements => [{ type: 'GPU', value }];

describe('devices that containers ask for', () => {
  const refused: [string, Requirements, string][] = [
    [
      'an inference accelerator',
      [{ type: 'InferenceAccelerator', value: 'device_1' }],
      "Unsupported resource requirement 'InferenceAccelerator' for container 'app'.",
    ],
    [
      'a Neuron device',
      [{ type: 'NeuronDevice', value: 'ALL' }],
      "Unsupported resource requirement 'NeuronDevice' for container 'app'. Container instances have no Neuron devices.",
    ],
    ['no GPU', gpus('0'), NO_NUMBER],
    ['all GPUs', gpus('ALL'), NO_NUMBER],
    ['GPUs without a number', [{ type: 'GPU' }], NO_NUMBER],
    [
      'GPUs twice',
      [...gpus('1'), ...gpus('1')],
      "There is more than one resource requirement of type GPU for container 'app'.",
    ],
    [
      'a part of a GPU',
      [{ type: 'GPU', value: '1', sharingStrategy: { nvidiaMps: { memory: 1_024 } } }],
      "Unsupported sharingStrategy for container 'app'. GPUs cannot be shared between containers.",
    ],
  ];

  test.each(refused)('are refused in a definition: %s', (_name, resourceRequirements, text) => {
    const account = new AccountUnderTest();
    expect(account.refusal({ containerDefinitions: [container({ resourceRequirements })] })).toBe(text);
  });

  test.each(refused)('are refused in an override: %s', (_name, resourceRequirements, message) => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const containerOverrides = [{ name: 'app', resourceRequirements }];
    expect(cluster.submit(runTask({ overrides: { containerOverrides } }))).toEqual({
      rejection: { code: 'InvalidParameter', message },
    });
  });

  test('are counted on hosts: an override decides, and what is gone is a failure', () => {
    const resources = { ...RESOURCES, gpuIds: ['GPU-1', 'GPU-2', 'GPU-3'] };
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('gpu', { resources });
    const run = (value: string) =>
      cluster.run({ overrides: { containerOverrides: [{ name: 'app', resourceRequirements: gpus(value) }] } });
    const [taskId = ''] = run('2').taskIds;
    expect(run('2').failures).toEqual([{ instanceId: 'gpu', reason: 'RESOURCE:GPU' }]);
    expect(run('1').taskIds).toHaveLength(1);
    cluster.report('gpu', { taskId, knownStatus: 'STOPPED' });
    expect(run('2').taskIds).toHaveLength(1);
  });

  test('and the ones that a container got are recorded', () => {
    const cluster = new ClusterUnderTest([schedulerSaga]).createCluster().register('host');
    const { taskId } = cluster.runOne();
    const containers = [{ name: 'app', lastStatus: 'RUNNING', gpuIds: ['GPU-2'] } as const];
    expect(cluster.report('host', { taskId, containers })).toMatchObject([{ containers: [{ gpuIds: ['GPU-2'] }] }]);
  });
});
