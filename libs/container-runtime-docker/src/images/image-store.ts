import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import { bounded, daemonText, problemOf, statusOf } from '../docker-problem.ts';
import { hearJsonLines, readable } from '../json-lines.ts';
import { textMember } from '../untyped-members.ts';

const INSPECT_TIMEOUT_MS = 60_000;
/** ECS_IMAGE_PULL_INACTIVITY_TIMEOUT: a pull that shows no progress for this long has failed. */
const PULL_INACTIVITY_MS = 60_000;
const DIGESTS_MAX = 1_000;

/** Texts of a registry's final no: another attempt would say the same. */
const FINAL = /not found|manifest unknown|denied|unauthorized|invalid reference|does not exist|no matching manifest/i;

/** The images of one engine: pulled unless present, each at most once at a time. */
export class ImageStore {
  readonly #docker: Docker;
  readonly #pulls = new Map<string, Promise<string>>();
  /** By image id. */
  readonly #digests = new Map<string, string>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** @returns the id of the image that the name leads to @throws RuntimeProblem CannotPullContainerError */
  async ensure(image: string): Promise<string> {
    const present = await this.#idOf(image);
    if (present !== undefined) return present;
    let pull = this.#pulls.get(image);
    if (pull === undefined) {
      pull = this.#pull(image).finally(() => this.#pulls.delete(image));
      this.#pulls.set(image, pull);
    }
    return await pull;
  }

  /** The digest under which a registry knows the image, else the image's own id. */
  async digestOf(imageId: string): Promise<string | undefined> {
    const known = this.#digests.get(imageId);
    if (known !== undefined) return known;
    try {
      const { Id, RepoDigests } = await bounded(
        this.#docker.getImage(imageId).inspect(),
        INSPECT_TIMEOUT_MS,
        'inspected',
      );
      const digest = RepoDigests?.[0]?.split('@')[1] ?? Id;
      if (this.#digests.size >= DIGESTS_MAX) this.#digests.clear();
      this.#digests.set(imageId, digest);
      return digest;
    } catch (error) {
      // An image may be removed while its containers live; the digest is then not known any more.
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  async #idOf(image: string): Promise<string | undefined> {
    try {
      const { Id } = await bounded(this.#docker.getImage(image).inspect(), INSPECT_TIMEOUT_MS, 'inspected');
      return Id;
    } catch (error) {
      // An image with an odd name is not present; the pull reports what is wrong with it.
      const status = statusOf(error);
      if (status !== undefined && status < 500) return undefined;
      throw problemOf('CannotPullContainerError', error, true);
    }
  }

  async #pull(image: string): Promise<string> {
    try {
      const stream = await bounded(
        this.#docker.createImage({ fromImage: withTag(image) }),
        PULL_INACTIVITY_MS,
        'pulled',
      );
      await follow(readable(stream));
    } catch (error) {
      if (error instanceof RuntimeProblem) throw error;
      throw pullProblem(daemonText(error), statusOf(error) !== undefined);
    }
    // The answer's end says nothing: a daemon that dies in the middle of a pull ends it, too.
    const pulled = await this.#idOf(image);
    if (pulled !== undefined) return pulled;
    throw new RuntimeProblem('CannotPullContainerError', `the pull of ${image} ended early`, true);
  }
}

/** A pull's progress, until it ends. The daemon reports a failure in the middle of it. */
function follow(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    let problem: RuntimeProblem | undefined;
    const timer = setTimeout(() => {
      const detail = `image pull shows no progress for ${PULL_INACTIVITY_MS / 1000}s`;
      problem = new RuntimeProblem('CannotPullContainerError', detail, true);
      stream.destroy();
    }, PULL_INACTIVITY_MS);
    hearJsonLines(
      stream,
      (progress) => {
        timer.refresh();
        const error = textMember(progress, 'error');
        if (error !== undefined) problem = pullProblem(error, true);
      },
      () => {
        clearTimeout(timer);
        if (problem === undefined) resolve();
        else reject(problem);
      },
    );
  });
}

/** @param isAnswer the daemon said it; otherwise nothing is known */
function pullProblem(text: string, isAnswer: boolean): RuntimeProblem {
  if (!isAnswer) return problemOf('CannotPullContainerError', new Error(text));
  return new RuntimeProblem('CannotPullContainerError', `Error response from daemon: ${text}`, !FINAL.test(text));
}

/** Docker's API pulls every tag of a name that has none. */
export function withTag(image: string): string {
  const hasTag = image.slice(image.lastIndexOf('/') + 1).includes(':');
  return hasTag || image.includes('@') ? image : `${image}:latest`;
}
