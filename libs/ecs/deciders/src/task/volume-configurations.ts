import type {
  RecordedTag,
  RecordedVolumeConfiguration,
  Rejection,
  TaskDefinition,
  VolumeConfiguration,
  WantedTask,
  WantedVolume,
} from '#libs/ecs/messages';
import { recordedTag } from '../shared/recorded.ts';
import { invalidParameter, unsupported } from '../shared/rejections.ts';
import { checkTags, mergeTags } from '../shared/tags.ts';

type ManagedVolume = NonNullable<VolumeConfiguration['managedEBSVolume']>;

/** Sizes in GiB by volume type (AWS API reference, TaskManagedEBSVolumeConfiguration: sizeInGiB). */
const SIZES_GIB: Readonly<Record<string, readonly [min: number, max: number]>> = {
  gp2: [1, 16_384],
  gp3: [1, 16_384],
  io1: [4, 16_384],
  io2: [4, 16_384],
  st1: [125, 16_384],
  sc1: [125, 16_384],
  standard: [1, 1_024],
};
const VOLUME_TYPE_DEFAULT = 'gp3';
const FILESYSTEM_TYPE_DEFAULT = 'xfs';
/** What Linux hosts can make. */
const FILESYSTEM_TYPES = ['ext3', 'ext4', 'xfs'] as const;
/** Volumes of these types are bought with a number of operations per second, which is refused below. */
const PROVISIONED_TYPES = ['io1', 'io2'];
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;

/** What a disk of one's own cannot promise: each would change what the task gets. */
const UNSERVED = ['snapshotId', 'kmsKeyId', 'iops', 'throughput', 'volumeInitializationRate'] as const;

/**
 * Checks the volumes that a request configures against those that the task definition leaves to the launch. The type of a
 * volume is kept and described; on hosts of one's own it changes nothing.
 */
export function checkVolumeConfigurations(
  configurations: readonly VolumeConfiguration[],
  taskDefinition: TaskDefinition,
): Rejection | null {
  const refused = checkVolumeNames(configurations, taskDefinition);
  const [configuration] = configurations;
  if (refused !== null || configuration === undefined) return refused;
  const { name, managedEBSVolume: volume } = configuration;
  return volume === undefined
    ? invalidParameter(`managedEBSVolume must be provided for volume '${name}'.`)
    : checkVolume(volume);
}

/** What is configured must be what the task definition leaves to the launch, no more and no less. */
export function checkVolumeNames(
  configurations: readonly { readonly name: string }[],
  { volumes = [] }: TaskDefinition,
): Rejection | null {
  if (configurations.length > 1) return invalidParameter('At most one volume configuration can be specified.');
  const left = volumes.find(({ configuredAtLaunch }) => configuredAtLaunch === true)?.name;
  const given = configurations[0]?.name;
  if (given === left) return null;
  return invalidParameter(
    given === undefined
      ? `A volume configuration must be provided for volume '${left ?? ''}', which is configured at launch.`
      : 'Volume configuration provided but no matching configuredAtLaunch volume found in task definition.',
  );
}

function checkVolume(volume: ManagedVolume): Rejection | null {
  return (
    checkServedMembers(volume) ??
    (ROLE_ARN.test(volume.roleArn) ? null : invalidParameter(`Invalid roleArn: '${volume.roleArn}'.`)) ??
    checkSize(volume) ??
    checkFilesystem(volume.filesystemType) ??
    checkVolumeTags(volume)
  );
}

function checkServedMembers(volume: ManagedVolume): Rejection | null {
  for (const member of UNSERVED) {
    if (volume[member] !== undefined) return unsupported(`The volume member ${member}`);
  }
  return volume.encrypted === true ? unsupported('An encrypted volume') : null;
}

function checkSize({ volumeType = VOLUME_TYPE_DEFAULT, sizeInGiB }: ManagedVolume): Rejection | null {
  const sizes = SIZES_GIB[volumeType];
  if (sizes === undefined) {
    return invalidParameter(`volumeType should be one of [${Object.keys(SIZES_GIB).join(',')}]`);
  }
  if (PROVISIONED_TYPES.includes(volumeType)) return unsupported(`The volume type ${volumeType}`);
  if (sizeInGiB === undefined) return invalidParameter('You must specify either sizeInGiB or snapshotId.');
  const [min, max] = sizes;
  if (sizeInGiB >= min && sizeInGiB <= max) return null;
  return invalidParameter(`sizeInGiB must be between ${min} and ${max} for volume type ${volumeType}.`);
}

function checkFilesystem(type: ManagedVolume['filesystemType']): Rejection | null {
  return type === undefined || filesystemOf(type) !== undefined ? null : unsupported(`The filesystem type ${type}`);
}

function filesystemOf(type: string): RecordedVolumeConfiguration['filesystemType'] | undefined {
  return FILESYSTEM_TYPES.find((one) => one === type);
}

function checkVolumeTags({ tagSpecifications = [] }: ManagedVolume): Rejection | null {
  if (tagSpecifications.length > 1) return invalidParameter('At most one tag specification per volume is allowed.');
  const [specification] = tagSpecifications;
  return checkTags(specification?.tags);
}

/** What is recorded of configurations that were checked, with Amazon's defaults. */
export function recordedVolumes(
  configurations: readonly VolumeConfiguration[] | undefined,
): readonly RecordedVolumeConfiguration[] | undefined {
  if (configurations === undefined || configurations.length === 0) return undefined;
  return configurations.flatMap(({ name, managedEBSVolume }) => {
    if (managedEBSVolume === undefined) return [];
    const { roleArn, sizeInGiB = 0, volumeType = VOLUME_TYPE_DEFAULT, terminationPolicy } = managedEBSVolume;
    const { filesystemType = FILESYSTEM_TYPE_DEFAULT, tagSpecifications = [] } = managedEBSVolume;
    const [{ tags = [], propagateTags = 'NONE' } = {}] = tagSpecifications;
    return {
      name,
      sizeInGiB,
      filesystemType: filesystemOf(filesystemType) ?? FILESYSTEM_TYPE_DEFAULT,
      volumeType,
      roleArn,
      deleteOnTermination: terminationPolicy?.deleteOnTermination ?? true,
      ...(tags.length > 0 && { tags: tags.map(recordedTag) }),
      ...(propagateTags !== 'NONE' && { propagateTags }),
    };
  });
}

/** Tags that a volume may take over, by what `propagateTags` asks for. */
export type TagSources = Readonly<Partial<Record<string, readonly RecordedTag[]>>>;

/** The volumes as a new task has them: with all of their tags. */
export function volumesOfTask(
  configurations: readonly RecordedVolumeConfiguration[] | undefined,
  sources: TagSources,
): { readonly volumeConfigurations?: readonly RecordedVolumeConfiguration[] } {
  if (configurations === undefined) return {};
  const volumeConfigurations = configurations.map(({ propagateTags, tags: own = [], ...volume }) => {
    const tags = mergeTags(sources[propagateTags ?? 'NONE'] ?? [], own).map(recordedTag);
    return { ...volume, ...(tags.length > 0 && { tags }) };
  });
  return { volumeConfigurations };
}

/** What a host has to know of the volumes. */
export function wantedVolumes(
  configurations: readonly RecordedVolumeConfiguration[] | undefined,
): Pick<WantedTask, 'volumeConfigurations'> {
  if (configurations === undefined) return {};
  const volumeConfigurations = configurations.map(
    ({ name, sizeInGiB, filesystemType, deleteOnTermination }): WantedVolume => ({
      name,
      sizeInGiB,
      filesystemType,
      deleteOnTermination,
    }),
  );
  return { volumeConfigurations };
}
