import { describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import { findOutputFault } from './output-fault.ts';

const faultOf = (operation: string, output: unknown): string | undefined =>
  findOutputFault(ecsService, operation, output);

const task = {
  taskArn: 'arn',
  createdAt: 1_479_412_798.372,
  version: 1,
  containers: [{ name: 'a', exitCode: 0 }],
  tags: [],
  enableExecuteCommand: false,
  startedAt: undefined,
};

describe('findOutputFault', () => {
  test('finds nothing in an answer of the right shape', () => {
    expect(faultOf('RunTask', { tasks: [task], failures: [] })).toBeUndefined();
    expect(faultOf('ListClusters', { clusterArns: ['a'], nextToken: undefined })).toBeUndefined();
    expect(faultOf('DeregisterTaskDefinition', { taskDefinition: { previousStatus: 'ACTIVE' } })).toBeUndefined();
    expect(faultOf('DeleteCluster', { cluster: {}, clusterCount: 2 })).toBeUndefined();
    expect(faultOf('UpdateCluster', { cluster: {}, clusterCount: 2 })).toContain('clusterCount: unknown member');
    expect(
      faultOf('RegisterTaskDefinition', { taskDefinition: { containerDefinitions: [{ dockerLabels: { a: 'b' } }] } }),
    ).toBeUndefined();
  });

  test.each<[string, unknown, string]>([
    [
      'RunTask',
      { tasks: [{ ...task, createdAt: new Date(0) }] },
      'RunTask.tasks[0].createdAt: not a time in epoch seconds',
    ],
    ['RunTask', { tasks: [{ ...task, cpu: 256 }] }, 'RunTask.tasks[0].cpu: not a string'],
    ['RunTask', { tasks: [{ ...task, colour: 'red' }] }, 'RunTask.tasks[0].colour: unknown member'],
    [
      'RunTask',
      { tasks: [{ ...task, containers: [{ exitCode: '0' }] }] },
      'RunTask.tasks[0].containers[0].exitCode: not a number',
    ],
    [
      'RunTask',
      { tasks: [{ ...task, enableExecuteCommand: 'no' }] },
      'RunTask.tasks[0].enableExecuteCommand: not a boolean',
    ],
    ['RunTask', { tasks: {} }, 'RunTask.tasks: not a list'],
    ['RunTask', { tasks: [null] }, 'RunTask.tasks[0]: not a structure'],
    ['RunTask', { tasks: [{ ...task, version: Number.NaN }] }, 'RunTask.tasks[0].version: not a number'],
    ['RunTask', { tasks: [{ ...task, attributes: [{}] }] }, 'RunTask.tasks[0].attributes[0].name: missing'],
    [
      'RegisterTaskDefinition',
      { taskDefinition: { containerDefinitions: [{ dockerLabels: [] }] } },
      'RegisterTaskDefinition.taskDefinition.containerDefinitions[0].dockerLabels: not a map',
    ],
  ])('%s %j', (operation, output, fault) => {
    expect(faultOf(operation, output)).toBe(fault);
  });
});
