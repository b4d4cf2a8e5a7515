import { randomBytes } from 'node:crypto';
import { seededRandom, seedFromText } from '#libs/kernel';

/** A new seed each time, printed; WAYBILL_SEED repeats one. Moments of a real machine repeat only roughly. */
export function seedOfRun(what: string): { readonly seed: string; between(min: number, max: number): number } {
  const seed = process.env['WAYBILL_SEED'] ?? randomBytes(4).toString('hex');
  console.log(`${what}: WAYBILL_SEED=${seed}`);
  const random = seededRandom(seedFromText(seed));
  return { seed, between: (min, max) => min + Math.floor(random() * (max - min + 1)) };
}
