const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

// Moments come in the order of the log: nearly all of them are of the day of the one before.
let lastDay = Number.NaN;
let lastDate = '';

/** `2026-03-01T12:00:00.250Z`, as `Date` writes it and several times as fast: events carry many moments. */
export function isoText(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== lastDay) {
    lastDate = new Date(day * DAY_MS).toISOString().slice(0, -13);
    lastDay = day;
  }
  const rest = Math.trunc(ms) - day * DAY_MS;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  const milliseconds = rest % 1000;
  const fraction = milliseconds < 100 ? `0${twoDigits(milliseconds)}` : String(milliseconds);
  return `${lastDate}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}.${fraction}Z`;
}

function twoDigits(number: number): string {
  return TWO_DIGITS[number] ?? String(number);
}
