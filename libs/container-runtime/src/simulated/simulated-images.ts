import type { ImageSpec } from '#libs/agents/core';
import { idSource } from '#libs/kernel';

/** What an image reference means in the registry now. */
export type DigestOf = (reference: string) => string;

/** The images of one simulated host: what a reference meant when it was pulled last. */
export class SimulatedImages {
  readonly #digestOf: DigestOf;
  readonly #pulled = new Map<string, string>();

  constructor(digestOf: DigestOf = simulatedDigest) {
    this.#digestOf = digestOf;
  }

  /** A reference that has been pushed anew means another image from now on. @returns what the pull has found */
  pull(image: ImageSpec): string {
    this.#pulled.set(image.reference, this.#digestOf(image.reference));
    return this.digest(image);
  }

  /** Of the image that a container gets: as pinned, as its reference says, or as the host has it. */
  digest({ reference, digest }: ImageSpec): string {
    if (digest !== undefined) return digest;
    const [, named] = reference.split('@');
    return named ?? this.#pulled.get(reference) ?? this.#digestOf(reference);
  }
}

/**
 * A digest that follows from the reference.
 *
 * @param pushes how often the reference was pushed anew
 */
export function simulatedDigest(reference: string, pushes = 0): string {
  const ids = idSource(`image/${reference}/${pushes}`);
  return `sha256:${ids.hex32()}${ids.hex32()}`;
}
