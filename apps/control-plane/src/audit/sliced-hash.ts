import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalPieces } from '#libs/kernel';

/** How long one turn of the event loop may be: everything else of this process waits for it. */
const SLICE_MS = 10;
/** So much text is hashed at once; the clock is looked at in between. */
const CHUNK_CHARACTERS = 65_536;

/** sha256 of the canonical text of a value of any size, worked out in short slices so that everything else goes on. */
export async function hashInSlices(value: unknown, sliceMs: number = SLICE_MS): Promise<string> {
  const hash = createHash('sha256');
  let chunk = '';
  let sliceEndsAt = performance.now() + sliceMs;
  for (const piece of canonicalPieces(value)) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    hash.update(chunk);
    chunk = '';
    if (performance.now() < sliceEndsAt) continue;
    await nextTurn();
    sliceEndsAt = performance.now() + sliceMs;
  }
  return hash.update(chunk).digest('hex');
}
