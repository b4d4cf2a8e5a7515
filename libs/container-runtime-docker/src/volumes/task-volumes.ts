import { chmod, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { messageOf, problemOf, statusOf } from '../engine/docker-problem.ts';
import { textMember } from '../engine/untyped-members.ts';
import type { FileSystems } from './file-systems.ts';
import { LaunchVolumes } from './launch-volumes.ts';
import { isTaskVolume, mountedVolumesOf } from './volume-sources.ts';
import type { VolumeSource } from './volume-sources.ts';
import { VOLUME_COMMANDS } from './volume-commands.ts';

/** The user of an access point is not known here, so that every user may write. */
const ACCESS_POINT_MODE = 0o777;

export interface TaskVolumesOptions {
  /** EFS file systems of this host. */
  readonly fileSystems?: FileSystems | undefined;
  /** Where volumes that are configured at launch are kept; absent: there are none. */
  readonly folder?: string | undefined;
}

/** The volumes of tasks on one host: made before their containers, and those of a task's own removed after the last. */
export class TaskVolumes {
  readonly #docker: Docker;
  readonly #fileSystems: FileSystems;
  readonly #launched: LaunchVolumes | null;

  constructor(docker: Docker, { fileSystems = {}, folder }: TaskVolumesOptions) {
    this.#docker = docker;
    this.#fileSystems = fileSystems;
    this.#launched = folder === undefined ? null : new LaunchVolumes(folder, VOLUME_COMMANDS);
  }

  /**
   * Makes what has to be there before the container.
   * @returns Docker's `source:path[:ro]`
   * @throws RuntimeProblem CannotCreateVolumeError
   */
  async prepare(spec: OwnContainerSpec): Promise<string[]> {
    const binds: string[] = [];
    for (const { source, containerPath, isReadOnly } of mountedVolumesOf(spec, this.#fileSystems)) {
      binds.push(`${await this.#pathOf(spec.taskId, source)}:${containerPath}${isReadOnly ? ':ro' : ''}`);
    }
    return binds;
  }

  /** After a container is gone. Volumes that another container of the task has stay until that one goes. */
  async removeUnused(names: readonly string[]): Promise<void> {
    for (const name of names.filter(isTaskVolume)) {
      try {
        await this.#docker.getVolume(name).remove();
      } catch (error) {
        if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
      }
    }
  }

  /** The task has no containers left. */
  async removeAll(taskId: string): Promise<void> {
    await this.#removing(async () => this.#launched?.remove(taskId));
  }

  /** @param taskIds all tasks that have containers */
  async removeOthers(taskIds: ReadonlySet<string>): Promise<void> {
    await this.#removing(async () => this.#launched?.removeOthers(taskIds));
  }

  async #removing(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      throw new RuntimeProblem(
        'CannotRemoveContainerError',
        `a volume could not be removed: ${messageOf(error)}`,
        true,
      );
    }
  }

  async #pathOf(taskId: string, source: VolumeSource): Promise<string> {
    switch (source.kind) {
      case 'host':
        return source.path;
      case 'refused':
        throw new RuntimeProblem('CannotCreateVolumeError', source.reason, false);
      case 'launch':
        if (this.#launched === null) throw cannotCreate(source.wanted.name, 'this host has no folder for it');
        return await this.#launched
          .ensure(taskId, source.wanted)
          .catch((error: unknown) => Promise.reject(cannotCreate(source.wanted.name, messageOf(error))));
      case 'file-system':
        return await folderOf(source);
      case 'existing':
        await this.#engine(this.#docker.getVolume(source.name).inspect());
        return source.name;
      case 'volume':
        // One that is there already is left as it is.
        if (source.create !== null) await this.#engine(this.#docker.createVolume(source.create));
        return source.name;
    }
  }

  async #engine(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      throw problemOf('CannotCreateVolumeError', error);
    }
  }
}

function cannotCreate(name: string, detail: string): RuntimeProblem {
  return new RuntimeProblem('CannotCreateVolumeError', `${name}: ${detail}`, false);
}

type FileSystemSource = Extract<VolumeSource, { kind: 'file-system' }>;

/**
 * A folder in a file system, which no link may lead out of: containers make links, and the engine follows them.
 * @throws RuntimeProblem CannotCreateVolumeError, which names nothing of this host
 */
async function folderOf(source: FileSystemSource): Promise<string> {
  try {
    if (source.makesFolder) await mkdir(source.folder, { recursive: true });
    const root = await realpath(source.folder);
    const path = join(root, source.path);
    if (source.makesPath) {
      await mkdir(dirname(path), { recursive: true });
      await makeOpenFolder(join(await inside(source, root, dirname(path)), basename(path)));
    }
    return await inside(source, root, path);
  } catch (error) {
    if (error instanceof RuntimeProblem) throw error;
    const code = textMember(error, 'code');
    const why = code === 'ENOENT' ? 'no such file or directory' : (code ?? messageOf(error));
    throw cannotCreate(source.fileSystemId, `${source.path}: ${why}`);
  }
}

async function inside({ fileSystemId, path }: FileSystemSource, root: string, folder: string): Promise<string> {
  const found = await realpath(folder);
  if (found === root || found.startsWith(root + sep)) return found;
  throw cannotCreate(fileSystemId, `${path} leads out of the file system`);
}

async function makeOpenFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await chmod(path, ACCESS_POINT_MODE);
}
