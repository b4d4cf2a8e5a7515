const SIZE_GIBIBYTES_MIN = 21;
const SIZE_GIBIBYTES_MAX = 200;

/** What is wrong with a size of Fargate storage that is asked for, in ECS's words; null: nothing. 20 GiB are free of charge. */
export function ephemeralStorageFault(sizeInGiB: number): string | null {
  if (sizeInGiB < SIZE_GIBIBYTES_MIN) return `EphemeralStorage size should be at least ${SIZE_GIBIBYTES_MIN}.`;
  return sizeInGiB > SIZE_GIBIBYTES_MAX ? `EphemeralStorage size should be at most ${SIZE_GIBIBYTES_MAX}.` : null;
}
