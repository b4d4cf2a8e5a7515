import type Docker from 'dockerode';
import type { HostConfig } from 'dockerode';
import { capabilitiesOf } from './capabilities.ts';
import { isLocalEngine } from './engine-place.ts';
import { canLimitStorage, mountsOfThisMachine } from '../container/ephemeral-storage.ts';
import { findGpus } from '../gpus/host-gpus.ts';
import { defaultLogOf } from '../container/host-config.ts';
import type { ImageOptions } from '../images/image-options.ts';
import { FARGATE_OPEN_FILES, openFilesHere } from '../container/open-files.ts';
import type { FileSystems } from '../volumes/file-systems.ts';
import { launchVolumesObstacle } from '../volumes/volume-commands.ts';
import { textMember } from './untyped-members.ts';

/** What the owner of a host decides about its tasks. */
export interface HostChoices {
  /** False: no container may have all rights on the host. */
  readonly privileged?: boolean;
  /** EFS file systems of this host, by id. */
  readonly fileSystems?: FileSystems;
  /** A folder of the agent's own, for volumes that are configured at launch; absent: there are none. */
  readonly volumeFolder?: string;
  /** GPUs that tasks may have; absent: those that NVIDIA's driver shows. */
  readonly gpuIds?: readonly string[];
}

/** What an engine and its machine can do. Changes with a restart of the engine at most. */
export interface HostFacts {
  /** For containers that name no log configuration. */
  readonly defaultLog: HostConfig['LogConfig'];
  /** Of a Fargate container whose definition does not say. An engine elsewhere has limits of its own. */
  readonly openFiles: number;
  readonly limitsStorage: boolean;
  readonly gpuIds: readonly string[];
  readonly capabilities: readonly string[];
}

/** @param info what `docker info` shows */
export async function findHostFacts(
  docker: Docker,
  info: unknown,
  choices: HostChoices & { readonly images?: ImageOptions },
): Promise<HostFacts> {
  const { privileged = true, fileSystems = {}, volumeFolder, gpuIds } = choices;
  const isLocal = isLocalEngine(docker, info);
  const limitsStorage = canLimitStorage(info, isLocal ? await mountsOfThisMachine() : '');
  return {
    defaultLog: defaultLogOf(textMember(info, 'LoggingDriver')),
    openFiles: isLocal ? await openFilesHere() : FARGATE_OPEN_FILES,
    limitsStorage,
    gpuIds: gpuIds ?? (await findGpus(info, isLocal)),
    capabilities: capabilitiesOf(info, {
      privileged,
      registryCredentials: choices.images?.credentials !== undefined,
      fileSystems: isLocal && Object.keys(fileSystems).length > 0,
      launchVolumes: isLocal && volumeFolder !== undefined && (await launchVolumesObstacle()) === undefined,
    }),
  };
}
