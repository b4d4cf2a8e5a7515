/** Amounts live in 32-bit arrays, whose greatest number searches keep for "worse than all". */
const AMOUNT_MAX = 2 ** 31 - 2;

/** An amount of a demand that the arrays can count exactly, or Infinity, which fits nowhere. */
export function countable(amount: number): number {
  return Number.isInteger(amount) && amount >= 0 && amount <= AMOUNT_MAX ? amount : Infinity;
}
