import { simulatedDigest } from '#libs/container-runtime';

/** What image references mean just now: each push of a tag makes it another image, for every pull from then on. */
export class ImageRegistry {
  readonly #pushes = new Map<string, number>();

  push(reference: string): void {
    this.#pushes.set(reference, (this.#pushes.get(reference) ?? 0) + 1);
  }

  readonly digestOf = (reference: string): string => simulatedDigest(reference, this.#pushes.get(reference));
}
