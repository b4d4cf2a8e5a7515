/** How long to wait before an attempt: doubles with each failure before it, between two bounds. `failures` from 1. */
export function backoffMs(failures: number, minMs: number, maxMs: number): number {
  return Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 20));
}
