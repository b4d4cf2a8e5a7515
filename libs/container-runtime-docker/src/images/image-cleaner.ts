import type Docker from 'dockerode';
import type { Cancel } from '#libs/kernel';
import { bounded, messageOf, statusOf } from '../engine/docker-problem.ts';
import { imagesToRemove } from './image-cleanup.ts';
import type { PulledImage } from './image-ledger.ts';
import type { ImageOptions } from './image-options.ts';
import { familiarReference } from './image-reference.ts';
import type { PulledImages } from './pulled-images.ts';

const CALL_TIMEOUT_MS = 60_000;

type CleanerOptions = Pick<ImageOptions, 'clock' | 'notes'> & {
  readonly cleanup: NonNullable<ImageOptions['cleanup']>;
};

/** Removes images that this agent has pulled and that no container needs any more, a few per cycle. */
export class ImageCleaner {
  readonly #docker: Docker;
  readonly #pulled: PulledImages;
  readonly #options: CleanerOptions;
  #cycle: Promise<number> | undefined;
  #cancel: Cancel | undefined;
  #closed = false;

  constructor(docker: Docker, pulled: PulledImages, options: CleanerOptions) {
    this.#docker = docker;
    this.#pulled = pulled;
    this.#options = options;
    this.#later();
  }

  /** A cycle now, or the one that runs. @returns how many images it has removed */
  async cleanUp(): Promise<number> {
    this.#cycle ??= this.#run().finally(() => {
      this.#cycle = undefined;
    });
    return await this.#cycle;
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #later(): void {
    if (this.#closed) return;
    const { clock, cleanup } = this.#options;
    this.#cancel = clock.after(cleanup.intervalMs, () => void this.cleanUp().then(() => this.#later()));
  }

  async #run(): Promise<number> {
    const { clock, notes, cleanup } = this.#options;
    try {
      const ledger = await this.#pulled.ledger();
      const containers = await bounded(this.#docker.listContainers({ all: true }), CALL_TIMEOUT_MS, 'listed');
      const inUse = new Set(containers.map(({ ImageID }) => ImageID));
      for (const id of inUse) ledger.used(id, clock.wall());
      let removed = 0;
      for (const image of imagesToRemove(ledger.images, inUse, cleanup, clock.wall())) {
        if (await this.#remove(image)) removed += 1;
      }
      await this.#pulled.save();
      return removed;
    } catch (error) {
      notes.note('warn', { err: error }, 'the clean-up of images has failed; the next cycle tries again');
      return 0;
    }
  }

  /** An image that others have named too is theirs now. What a container has taken meanwhile, the engine keeps. */
  async #remove({ id, references }: PulledImage): Promise<boolean> {
    const { notes } = this.#options;
    const ledger = await this.#pulled.ledger();
    try {
      const { RepoTags } = await bounded(this.#docker.getImage(id).inspect(), CALL_TIMEOUT_MS, 'inspected');
      // Some engines say null for none.
      const tags = RepoTags ?? [];
      const areOurs = tags.every((tag) => references.includes(familiarReference(tag)));
      if (areOurs) {
        // An image with several tags goes with the last of them, one without any by its id.
        for (const name of tags.length > 0 ? tags : [id]) {
          await bounded(this.#docker.getImage(name).remove(), CALL_TIMEOUT_MS, 'removed');
        }
        notes.note('info', { imageId: id, references }, 'an image that is no longer used was removed');
      }
      ledger.removed(id);
      return areOurs;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) ledger.removed(id);
      // 409: a container has it.
      else if (status !== 409) notes.note('warn', { imageId: id, why: messageOf(error) }, 'an image was not removed');
      return false;
    }
  }
}
