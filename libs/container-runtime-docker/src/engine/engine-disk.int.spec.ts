import { expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { textMember } from './untyped-members.ts';
import { engineDisk } from './engine-disk.ts';

test('the file system of the engine on this machine', async () => {
  const disk = await engineDisk();
  expect(disk?.dataRoot).toBe(textMember(await new Docker().info(), 'DockerRootDir'));
  expect(disk?.freeBytes).toBeGreaterThan(0);
  expect(disk?.totalBytes).toBeGreaterThanOrEqual(disk?.freeBytes ?? 0);
});
