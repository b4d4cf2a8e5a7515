import type Docker from 'dockerode';
import { RuntimeProblem } from '#libs/container-runtime';
import type { ImageSpec } from '#libs/container-runtime';
import { bounded, problemOf, statusOf } from '../engine/docker-problem.ts';
import { ImageCleaner } from './image-cleaner.ts';
import { PULL_LIMITS_DEFAULT } from './image-options.ts';
import type { ImageOptions } from './image-options.ts';
import { familiarName, pinnedTo, registryOf, repositoryOf, withTag } from './image-reference.ts';
import { pullImage, PullProblem } from './pull.ts';
import type { PullActivity, PullOutcome } from './pull.ts';
import { planPull } from './pull-plan.ts';
import { PulledImages } from './pulled-images.ts';
import { authProblem } from './registry-credentials.ts';
import type { RegistryLogin } from './registry-credentials.ts';

const INSPECT_TIMEOUT_MS = 60_000;
const DIGESTS_MAX = 1_000;
/** How long the registry may take to answer while the host has an image that will do. */
const ANSWER_WITH_CACHED_MS = 10_000;
/** How long a registry that could not be reached is not asked about an image that the host has. */
const REGISTRY_DOWN_MS = 60_000;

interface SharedPull {
  /** Never leaves this process. */
  readonly login: RegistryLogin | undefined;
  readonly imageId: Promise<string>;
}

/**
 * The images of one engine. Without options an image is pulled when it is not there, and stays.
 */
export class ImageStore {
  readonly #docker: Docker;
  readonly #options: ImageOptions | undefined;
  readonly #pulled: PulledImages | undefined;
  readonly #cleaner: ImageCleaner | undefined;
  /** By reference. */
  readonly #pulls = new Map<string, SharedPull>();
  /** What is being looked at for `ensure`, by reference: a burst of tasks of one image asks once. */
  readonly #looks = new Map<string, Promise<Docker.ImageInspectInfo | undefined>>();
  /** By image id and repository. */
  readonly #digests = new Map<string, string>();
  /** Registries that could not be reached, and until when that counts; ms of `performance.now`. */
  readonly #downUntil = new Map<string, number>();
  readonly #activity: PullActivity = { lastAt: 0 };
  readonly #closing = new AbortController();

  constructor(docker: Docker, options?: ImageOptions) {
    this.#docker = docker;
    this.#options = options;
    if (options === undefined) return;
    const { ledger, clock, notes, cleanup } = options;
    this.#pulled = new PulledImages(ledger, clock, notes);
    if (cleanup !== undefined) this.#cleaner = new ImageCleaner(docker, this.#pulled, { clock, notes, cleanup });
  }

  /** Pulls that are under way end. */
  close(): void {
    this.#closing.abort();
    this.#cleaner?.close();
  }

  /**
   * @returns the id of the image that a container with this image is to be made of
   * @throws RuntimeProblem CannotPullContainerError or ResourceInitializationError
   */
  async ensure(image: ImageSpec): Promise<string> {
    const reference = image.digest === undefined ? withTag(image.reference) : pinnedTo(image.reference, image.digest);
    const cached = await this.#cached(image, reference);
    const plan = planPull({
      behavior: this.#options?.behavior ?? 'prefer-cached',
      isCached: cached !== undefined,
      isPinned: image.digest !== undefined,
      wasPulled: cached !== undefined && ((await this.#pulled?.ledger())?.has(cached, reference) ?? false),
      isRegistryDown: this.#isDown(registryOf(reference)),
    });
    if (cached === undefined || plan === 'pull') return await this.#pull(image, reference, false);
    if (plan === 'pull-or-use-cached') {
      try {
        return await this.#pull(image, reference, true);
      } catch (error) {
        if (!(error instanceof PullProblem)) throw error;
        const facts = { image: image.reference, why: error.detail };
        this.#options?.notes.note('warn', facts, 'an image could not be pulled; the one at hand is used');
      }
    }
    await this.#pulled?.used(cached);
    return cached;
  }

  /**
   * The digest of the manifest under which a registry has the image: the one of the repository that the container names,
   * else of any. An image that was built or loaded here, and that no registry has, shows its own id, which is the digest of
   * its configuration. The two are never confused: `ensure` finds an image that is pinned to either.
   *
   * @param reference as the container's definition has it
   * @returns undefined: the image is gone, though its container is not
   */
  async digestOf(imageId: string, reference: string): Promise<string | undefined> {
    const repository = familiarName(repositoryOf(reference));
    const key = `${imageId} ${repository}`;
    const known = this.#digests.get(key);
    if (known !== undefined) return known;
    const found = await this.#inspect(imageId);
    if (found === undefined) return undefined;
    const names = found.RepoDigests ?? [];
    const own = names.find((name) => familiarName(repositoryOf(name)) === repository) ?? names[0];
    const digest = own?.split('@')[1] ?? found.Id;
    if (this.#digests.size >= DIGESTS_MAX) this.#digests.clear();
    this.#digests.set(key, digest);
    return digest;
  }

  async #cached({ digest }: ImageSpec, reference: string): Promise<string | undefined> {
    const found = await this.#shownFor(reference);
    if (found !== undefined || digest === undefined) return found?.Id;
    // A deployment of an image that no registry has is pinned to the image's id.
    return (await this.#tryInspect(digest))?.Id;
  }

  async #shownFor(reference: string): Promise<Docker.ImageInspectInfo | undefined> {
    const running = this.#looks.get(reference);
    if (running !== undefined) return await running;
    const look = this.#tryInspect(reference).finally(() => this.#looks.delete(reference));
    this.#looks.set(reference, look);
    return await look;
  }

  /** One pull of an image at a time, for all who ask with the same login. */
  async #pull({ credentialsParameter }: ImageSpec, reference: string, hasCached: boolean): Promise<string> {
    const login = await this.#loginOf(credentialsParameter, reference);
    for (;;) {
      const running = this.#pulls.get(reference);
      if (running === undefined) break;
      const isSame = running.login?.username === login?.username && running.login?.password === login?.password;
      if (isSame) return await running.imageId;
      await running.imageId.catch(() => undefined);
    }
    const imageId = this.#attempt(reference, login, hasCached).finally(() => this.#pulls.delete(reference));
    this.#pulls.set(reference, { login, imageId });
    return await imageId;
  }

  async #loginOf(parameter: string | undefined, reference: string): Promise<RegistryLogin | undefined> {
    const { credentials, logins } = this.#options ?? {};
    if (parameter === undefined) return await logins?.of(registryOf(reference));
    if (credentials === undefined) throw authProblem('this host has no registry credentials');
    const login = await credentials.of(parameter);
    if (login === undefined) throw authProblem(`this host has no registry credentials ${parameter}`);
    return login;
  }

  async #attempt(reference: string, login: RegistryLogin | undefined, hasCached: boolean): Promise<string> {
    const limits = this.#options?.limits ?? PULL_LIMITS_DEFAULT;
    const registry = registryOf(reference);
    let outcome: PullOutcome;
    try {
      outcome = await pullImage(this.#docker, {
        reference,
        login,
        limits,
        answerMs: hasCached ? Math.min(limits.inactivityMs, ANSWER_WITH_CACHED_MS) : limits.inactivityMs,
        activity: this.#activity,
        signal: this.#closing.signal,
      });
    } catch (error) {
      if (!(error instanceof PullProblem)) throw error;
      if (error.failure === 'UNREACHABLE') this.#downUntil.set(registry, performance.now() + REGISTRY_DOWN_MS);
      throw error.failure === 'NO_SPACE' ? await this.#afterCleanUp(error) : error;
    }
    this.#downUntil.delete(registry);
    const { digest, isNew } = outcome;
    // By the digest that was pulled: the tag may have moved on since. The answer's end alone says nothing: a daemon that
    // dies in the middle of a pull ends it, too.
    const name = digest === undefined ? reference : pinnedTo(reference, digest);
    const imageId = ((await this.#tryInspect(name)) ?? (await this.#tryInspect(reference)))?.Id;
    if (imageId === undefined) throw new PullProblem('PASSING', `the pull of ${reference} ended early`);
    if (isNew) await this.#pulled?.pulled(imageId, reference);
    else await this.#pulled?.used(imageId);
    return imageId;
  }

  /** A full disk is worth another attempt only if something was removed from it. */
  async #afterCleanUp({ detail }: PullProblem): Promise<PullProblem> {
    const removed = (await this.#cleaner?.cleanUp()) ?? 0;
    return new PullProblem('NO_SPACE', detail, removed > 0);
  }

  #isDown(registry: string): boolean {
    return performance.now() < (this.#downUntil.get(registry) ?? 0);
  }

  /** An image with an odd name is not there; the pull reports what is wrong with it. */
  async #tryInspect(name: string): Promise<Docker.ImageInspectInfo | undefined> {
    try {
      return await this.#inspect(name);
    } catch (error) {
      const status = statusOf(error);
      if (status !== undefined && status < 500) return undefined;
      throw error instanceof RuntimeProblem ? error : problemOf('CannotPullContainerError', error, true);
    }
  }

  async #inspect(name: string): Promise<Docker.ImageInspectInfo | undefined> {
    try {
      return await bounded(this.#docker.getImage(name).inspect(), INSPECT_TIMEOUT_MS, 'inspected');
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }
}
