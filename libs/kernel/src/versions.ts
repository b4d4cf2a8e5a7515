/** Compares the three numbers of a version; a pre-release counts as its release. */
export function isAtLeast(version: string, bound: string): boolean {
  const numbers = (text: string): number[] => (text.split('-')[0] ?? '').split('.').map(Number);
  const [have, need] = [numbers(version), numbers(bound)];
  for (let index = 0; index < 3; index++) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
