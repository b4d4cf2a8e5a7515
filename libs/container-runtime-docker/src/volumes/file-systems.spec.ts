import { describe, expect, test } from '@jest/globals';
import { efsSourceOf } from './file-systems.ts';

const MAP = { 'fs-1': '/srv/efs/one', 'fs-2': 'files.internal:/export', '*': '/srv/efs' };
const folder = (path: string, own: object = {}) => ({
  kind: 'file-system',
  fileSystemId: 'fs-1',
  folder: '/srv/efs/one',
  makesFolder: false,
  path,
  makesPath: false,
  ...own,
});

describe('an EFS volume', () => {
  test.each([
    ['a folder', { fileSystemId: 'fs-1' }, folder('/')],
    ['a folder in it', { fileSystemId: 'fs-1', rootDirectory: '/data/a' }, folder('/data/a')],
    ['never a folder above it', { fileSystemId: 'fs-1', rootDirectory: '/../../etc' }, folder('/etc')],
    [
      'all others are folders below one',
      { fileSystemId: 'fs-9' },
      folder('/', { fileSystemId: 'fs-9', folder: '/srv/efs/fs-9', makesFolder: true }),
    ],
    [
      'whatever they are called',
      { fileSystemId: 'constructor' },
      folder('/', { fileSystemId: 'constructor', folder: '/srv/efs/constructor', makesFolder: true }),
    ],
    [
      'whatever name it has, as long as it is the name of a folder',
      { fileSystemId: 'SHARED_FILES' },
      folder('/', { fileSystemId: 'SHARED_FILES', folder: '/srv/efs/SHARED_FILES', makesFolder: true }),
    ],
    [
      'an access point has a folder of its own; nothing leaves the machine, so there is nothing to encrypt',
      {
        fileSystemId: 'fs-1',
        transitEncryption: 'ENABLED' as const,
        authorizationConfig: { accessPointId: 'fsap-7', iam: 'ENABLED' as const },
      },
      folder('/access-points/fsap-7', { makesPath: true }),
    ],
    [
      'NFS',
      { fileSystemId: 'fs-2', rootDirectory: 'data' },
      {
        kind: 'nfs',
        driverOpts: {
          type: 'nfs',
          device: ':/export/data',
          o: 'addr=files.internal,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport',
        },
      },
    ],
  ])('%s', (_name, configuration, source) => {
    expect(efsSourceOf(configuration, MAP)).toEqual(source);
  });

  test.each([
    ['fs-3', {}, 'the file system fs-3 is not known on this host (WAYBILL_EFS)'],
    ['../fs', {}, 'the file system ../fs is not known on this host (WAYBILL_EFS)'],
    [
      'fs-2',
      { transitEncryption: 'ENABLED' as const, authorizationConfig: { iam: 'ENABLED' as const, accessPointId: 'a' } },
      'the file system fs-2 is reached by NFS, which has no transitEncryption, accessPointId, iam',
    ],
    ['fs-1', { authorizationConfig: { accessPointId: '../..' } }, 'the access point ../.. is not known on this host'],
  ])('%s with %j is refused', (fileSystemId, configuration, reason) => {
    const { '*': _all, ...map } = MAP;
    expect(efsSourceOf({ fileSystemId, ...configuration }, map)).toEqual({ kind: 'refused', reason });
  });
});
