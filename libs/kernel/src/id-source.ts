import type { IdSource } from './decider.ts';
import { seededRandom, seedFromText } from './random.ts';

const HEX = '0123456789abcdef';

/** Identifiers drawn from a seed, here the command id: a replayed or repeated command draws the same ones. */
export function idSource(seed: string): IdSource {
  const random = seededRandom(seedFromText(seed));
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits) {
      let word = Math.floor(random() * 0x1_0000_0000);
      for (let i = 0; i < 8 && text.length < digits; i++) {
        text += HEX[word & 15];
        word >>>= 4;
      }
    }
    return text;
  };
  return {
    hex32: () => hex(32),
    uuid: () => {
      const h = hex(32);
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
    },
    digits19: () => {
      let text = String(1 + Math.floor(random() * 9));
      while (text.length < 19) text += String(Math.floor(random() * 10));
      return text;
    },
    random,
  };
}
