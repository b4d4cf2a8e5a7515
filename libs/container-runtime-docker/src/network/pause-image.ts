import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { createTar } from 'nanotar';
import { RuntimeProblem } from '#libs/container-runtime';
import { statusOf } from '../engine/docker-problem.ts';
import { hearJsonLines, readable } from '../engine/json-lines.ts';
import { textMember } from '../engine/untyped-members.ts';
import { engineArchitectureOf } from '../engine/engine-info.ts';
import { isPauseArchitecture, pauseProgram } from './pause-program.ts';
import type { PauseArchitecture } from './pause-program.ts';

/** The number is raised when the program changes: the image of an older agent on the same engine stays what it is. */
const REPOSITORY = 'waybill/pause';
const TAG = '1';
export const PAUSE_IMAGE = `${REPOSITORY}:${TAG}`;

/** Makes the image of pause containers, unless it is there. */
export async function ensurePauseImage(docker: Docker): Promise<void> {
  if (await isPresent(docker)) return;
  const architecture = engineArchitectureOf(await docker.info()) ?? 'unknown';
  if (!isPauseArchitecture(architecture)) {
    throw new RuntimeProblem('CannotCreateContainerError', `no pause container for processor ${architecture}`, false);
  }
  const stream = Readable.from([Buffer.from(pauseImage(architecture))]);
  // Two agents that do this at once leave an image without a name, and containers of either run.
  const progress = await docker.importImage(stream, {
    fromSrc: '-',
    repo: REPOSITORY,
    tag: TAG,
    changes: ['ENTRYPOINT ["/pause"]'],
  });
  await ended(readable(progress));
}

/** The image's file system as a tar archive, the same bytes on every host. */
export function pauseImage(architecture: PauseArchitecture): Uint8Array {
  const attrs = { mode: '755', uid: 0, gid: 0, mtime: 0 };
  return createTar([{ name: 'pause', data: pauseProgram(architecture), attrs }]);
}

async function isPresent(docker: Docker): Promise<boolean> {
  try {
    await docker.getImage(PAUSE_IMAGE).inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

function ended(progress: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    let problem: string | undefined;
    hearJsonLines(
      progress,
      (line) => void (problem ??= textMember(line, 'error')),
      () => {
        if (problem === undefined) resolve();
        else reject(new RuntimeProblem('CannotCreateContainerError', `pause image: ${problem}`, true));
      },
    );
  });
}
