import { expect, test } from '@jest/globals';
import { pauseSpecOf } from '#libs/testing';
import { ownerOf } from '../container/labels.ts';
import { claimedName, claimIn } from './claimed-name.ts';

const spec = pauseSpecOf({ instanceId: 'i' }, { network: { securityGroups: ['sg-web', 'sg-0a1'] } });
const WARM = { 'waybill.warm': 'true', 'com.amazonaws.ecs.container-name': '~internal~ecs~pause' };

test('a claimed container is known by its name', () => {
  const name = claimedName(spec, 'subnet-1');
  expect(claimIn(`/${name}`)).toEqual({
    runtimeName: spec.runtimeName,
    taskId: spec.taskId,
    subnetId: 'subnet-1',
    securityGroups: ['sg-web', 'sg-0a1'],
  });
  expect(ownerOf(WARM, `/${name}`)).toEqual({ taskId: spec.taskId, containerName: '~internal~ecs~pause' });
});

test('one that waits for a task belongs to none', () => {
  expect(claimIn('ecs-warm-0123')).toBeUndefined();
  expect(ownerOf(WARM, '/ecs-warm-0123')).toBeUndefined();
});

test('a name of somebody else is no claim', () => {
  const { 'waybill.warm': _warm, ...labels } = WARM;
  expect(ownerOf(labels, `/${claimedName(spec, 'subnet-1')}`)).toBeUndefined();
});

test('what does not fit into a name is left to labels', () => {
  expect(claimedName(spec, 'rack.7')).toBeUndefined();
  expect(claimedName({ ...spec, taskId: '' }, 'subnet-1')).toBeUndefined();
});
