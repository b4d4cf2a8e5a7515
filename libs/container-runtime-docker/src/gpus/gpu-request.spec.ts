import { describe, expect, test } from '@jest/globals';
import type { ContainerDefinition } from '#libs/ecs/messages';
import { containerSpecOf } from '#libs/testing';
import { chooseGpus, gpuCountOf, gpuDevices, gpuIdsFrom } from './gpu-request.ts';

const definitionOf = (resourceRequirements: ContainerDefinition['resourceRequirements']): ContainerDefinition =>
  containerSpecOf(
    { instanceId: 'i', image: 'app:1' },
    resourceRequirements === undefined ? {} : { resourceRequirements },
  ).container;

describe('the GPUs of a container', () => {
  test.each([
    [undefined, 0],
    [[{ type: 'GPU' as const, value: '2' }], 2],
    [[{ type: 'GPU' as const, value: 'ALL' }], 4],
    [[{ type: 'NeuronDevice' as const, value: 'ALL' }], 0],
  ])('%j', (requirements, count) => {
    expect(gpuCountOf(definitionOf(requirements), 4)).toBe(count);
  });

  test.each([
    [1, [], ['a']],
    [2, ['a'], ['b', 'c']],
    [3, ['b'], undefined],
  ])('%d of three, %j taken', (count, taken, chosen) => {
    expect(chooseGpus(count, ['a', 'b', 'c'], new Set(taken))).toEqual(chosen);
  });

  test('by the label of its container', () => {
    expect(gpuIdsFrom({ 'waybill.gpu-ids': 'a,b' })).toEqual(['a', 'b']);
    expect(gpuIdsFrom({})).toBe(undefined);
  });

  test('by id, for the NVIDIA container toolkit', () => {
    expect(gpuDevices(['a', 'b'])).toEqual({
      DeviceRequests: [{ Driver: 'nvidia', DeviceIDs: ['a', 'b'], Capabilities: [['gpu']] }],
    });
  });
});
