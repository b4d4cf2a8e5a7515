import { posix } from 'node:path';
import type { Volume } from '#libs/ecs/messages';

type EfsConfiguration = NonNullable<Volume['efsVolumeConfiguration']>;

/**
 * Where EFS file systems are: by id, or `*` for all others, each of which is a folder below that one. A folder of this
 * machine, or `server:/path` of an NFS server.
 */
export type FileSystems = Readonly<Record<string, string>>;

const FILE_SYSTEM_ID = /^[A-Za-z0-9_-]{1,64}$/;
const NFS_ADDRESS = /^([^/:]+|\[[0-9A-Fa-f:]+\]):(\/.*)$/;
/** EFS user guide: the recommended mount options. */
const NFS_OPTIONS = 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport';
/** Below the file system: the root folder of each access point. */
const ACCESS_POINTS = 'access-points';

/** What a volume with an `efsVolumeConfiguration` is here. */
export type EfsSource =
  | {
      readonly kind: 'file-system';
      readonly fileSystemId: string;
      /** The folder of the file system. */
      readonly folder: string;
      /** Made if need be: nobody registers a file system that `*` stands for. */
      readonly makesFolder: boolean;
      /** Relative to it; never leaves it. */
      readonly path: string;
      /** Made if need be: the folder of an access point. */
      readonly makesPath: boolean;
    }
  | { readonly kind: 'nfs'; readonly driverOpts: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly reason: string };

export function efsSourceOf(configuration: EfsConfiguration, fileSystems: FileSystems): EfsSource {
  const { fileSystemId: id } = configuration;
  const own = Object.hasOwn(fileSystems, id) ? fileSystems[id] : undefined;
  const { '*': all } = fileSystems;
  if (!FILE_SYSTEM_ID.test(id) || (own === undefined && all === undefined)) {
    return { kind: 'refused', reason: `the file system ${id} is not known on this host (WAYBILL_EFS)` };
  }
  const nfs = NFS_ADDRESS.exec(own ?? '');
  if (nfs !== null) return nfsSourceOf(configuration, nfs[1] ?? '', nfs[2] ?? '');
  const { accessPointId } = configuration.authorizationConfig ?? {};
  if (accessPointId !== undefined && !FILE_SYSTEM_ID.test(accessPointId)) {
    return { kind: 'refused', reason: `the access point ${accessPointId} is not known on this host` };
  }
  return {
    kind: 'file-system',
    fileSystemId: id,
    folder: own ?? posix.join(all ?? '', id),
    makesFolder: own === undefined,
    path: accessPointId === undefined ? rootOf(configuration) : `/${ACCESS_POINTS}/${accessPointId}`,
    makesPath: accessPointId !== undefined,
  };
}

/** What NFS alone cannot give is refused: encryption and the identities of access points and roles. */
function nfsSourceOf(configuration: EfsConfiguration, server: string, exported: string): EfsSource {
  const { transitEncryption, authorizationConfig: { accessPointId, iam } = {} } = configuration;
  const wanted = [
    ...(transitEncryption === 'ENABLED' ? ['transitEncryption'] : []),
    ...(accessPointId === undefined ? [] : ['accessPointId']),
    ...(iam === 'ENABLED' ? ['iam'] : []),
  ];
  if (wanted.length > 0) {
    const reason = `the file system ${configuration.fileSystemId} is reached by NFS, which has no ${wanted.join(', ')}`;
    return { kind: 'refused', reason };
  }
  const device = `:${posix.join(exported, rootOf(configuration))}`;
  return { kind: 'nfs', driverOpts: { type: 'nfs', device, o: `addr=${server},${NFS_OPTIONS}` } };
}

/** Absolute, and without `..`. */
function rootOf({ rootDirectory = '/' }: EfsConfiguration): string {
  return posix.join('/', rootDirectory);
}
