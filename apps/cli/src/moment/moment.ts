import { parseDuration } from '#libs/platform';
import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';

const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

const FORMS = '2026-03-10T14:03, 2026-03-10T14:03:00Z, 14:03, 10m (ten minutes ago), 1h30m or now';

/**
 * A moment as people write it, in ms since the epoch: ISO 8601 (local time unless it says otherwise), a time of day (the
 * last one that was), how long ago (`10m`, `-10m`, `1h30m`, `2d`), or `now`.
 * @throws CliProblem that shows the forms
 */
export function parseMoment(text: string, nowMs: number): number {
  const moment = text === 'now' ? nowMs : (agoMs(text, nowMs) ?? timeOfDayMs(text, nowMs) ?? isoMs(text));
  if (moment === undefined || Number.isNaN(moment)) {
    throw new CliProblem(`"${text}" is no moment: write ${FORMS}`, EXIT.usage);
  }
  return moment;
}

function agoMs(text: string, nowMs: number): number | undefined {
  const ago = parseDuration(text.startsWith('-') ? text.slice(1) : text);
  return ago === null ? undefined : nowMs - ago;
}

function timeOfDayMs(text: string, nowMs: number): number | undefined {
  const match = TIME_OF_DAY.exec(text);
  if (match === null) return undefined;
  const [, hours, minutes, seconds = '0', fraction = '0'] = match;
  const moment = new Date(nowMs);
  moment.setHours(Number(hours), Number(minutes), Number(seconds), Number(fraction.padEnd(3, '0')));
  // A moment is never in the future: before three minutes past two, 14:03 was yesterday.
  if (moment.getTime() > nowMs) moment.setDate(moment.getDate() - 1);
  return moment.getTime();
}

function isoMs(text: string): number | undefined {
  // A bare date is midnight here, not in Greenwich as Date would have it.
  if (ISO_DATE.test(text)) return Date.parse(`${text}T00:00`);
  return ISO_TIME.test(text) ? Date.parse(text.replace(' ', 'T')) : undefined;
}

/** A moment for people: local time to the millisecond with its zone, as `parseMoment` takes it. */
export function momentText(ms: number): string {
  const at = new Date(ms);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${timeOfDay(at)}.${String(at.getMilliseconds()).padStart(3, '0')}${zone(at)}`;
}

/** The time of day of something that happens now: to the second, with its zone. */
export function timeOfDayText(at: Date): string {
  return timeOfDay(at) + zone(at);
}

const two = (value: number): string => String(value).padStart(2, '0');

const timeOfDay = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;

const zone = (at: Date): string => zoneText(-at.getTimezoneOffset());

/** An offset from UTC in ISO 8601. @param minutes ahead of UTC */
export function zoneText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(absolute / 60))}:${two(absolute % 60)}`;
}
