/** `1.85.0` as numbers, for a comparison component by component; undefined when the text does not start like a version. */
export function versionComponents(text: string): readonly number[] | undefined {
  const found = /^v?(\d+(?:\.\d+)*)/.exec(text);
  return found?.[1]?.split('.').map(Number);
}

/** Less than 0, 0 or greater, like a comparator; a missing component counts as 0. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numerically when both are numbers, else by characters. */
export function compareTexts(a: string, b: string): number {
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumeric(text: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

/**
 * A date of the query language (`2018-06-18`, with `T22:28:28`, with `Z` or an offset) in ms since the epoch; without zone
 * it is UTC, because a decision may not depend on where the process runs. Undefined when there is no such day or time.
 */
export function momentOf(text: string): { readonly value: number; readonly wholeSeconds: boolean } | undefined {
  const found =
    /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?(?:Z|([+-])(\d{2}):?(\d{2}))?)?$/.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', sign, zoneHour, zoneMinute] =
    found;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0')),
  );
  // The parts come back changed when one of them is out of range (30 February, 25 o'clock).
  if (!new Date(local).toISOString().startsWith(`${year}-${month}-${day}T${hour}:${minute}:${second}`))
    return undefined;
  const zoneMinutes = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHour) * 60 + Number(zoneMinute));
  return { value: local - zoneMinutes * 60_000, wholeSeconds: fraction === '' };
}
