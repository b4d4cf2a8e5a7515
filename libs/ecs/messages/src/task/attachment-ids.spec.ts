import { describe, expect, test } from '@jest/globals';
import { networkInterfaceIds, volumeIds } from './attachment-ids.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('what is attached to a task', () => {
  test('has identifiers that follow from the task', () => {
    const { attachmentId, resourceId } = networkInterfaceIds('task-1');
    expect(attachmentId).toMatch(UUID);
    expect(resourceId).toMatch(/^eni-[0-9a-f]{17}$/);
    expect(networkInterfaceIds('task-1')).toEqual({ attachmentId, resourceId });
    expect(volumeIds('task-1', 'data').resourceId).toMatch(/^vol-[0-9a-f]{17}$/);
  });

  test('has others for every task and every volume', () => {
    const all = [networkInterfaceIds('a'), networkInterfaceIds('b'), volumeIds('a', 'x'), volumeIds('a', 'y')];
    expect(new Set(all.flatMap((ids) => [ids.attachmentId, ids.resourceId])).size).toBe(all.length * 2);
  });
});
