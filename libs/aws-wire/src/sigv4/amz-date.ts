const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** The milliseconds since the epoch of an `X-Amz-Date` (`20150830T123600Z`), or `undefined` if it is no such time. */
export function parseAmzDate(text: string): number | undefined {
  const match = AMZ_DATE.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  // `Date.UTC` rolls over: 30 February would be taken for a day in March.
  return formatAmzDate(ms) === text ? ms : undefined;
}

/** Milliseconds since the epoch as `X-Amz-Date` writes them. */
export function formatAmzDate(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
}
