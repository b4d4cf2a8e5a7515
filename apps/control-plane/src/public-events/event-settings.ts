import { IsBoolean, IsIn, IsInt, Max, Min, validateSync } from 'class-validator';
import type { EventStreamLimits } from '#libs/event-store-jetstream';
import { SettingsProblem } from '#libs/platform';

const BYTES_DEFAULT = { memory: 16 * 1_024 * 1_024, file: 1_024 * 1_024 * 1_024 } as const;
const AGE_HOURS_DEFAULT = 24;
const HOURS_PER_YEAR = 8_784;
const SECONDS_PER_HOUR = 3_600;

/** What goes out as public events, and how much of it is kept for late subscribers. */
export class EventSettings {
  @IsBoolean() readonly structuredCopies!: boolean;

  @IsIn(['memory', 'file'], { message: 'WAYBILL_EVENTS_STORAGE must be memory or file' })
  readonly storage!: EventStreamLimits['storage'];

  @IsInt({ message: 'WAYBILL_EVENTS_AGE_HOURS_MAX must be a whole number of hours' })
  @Min(1, { message: 'WAYBILL_EVENTS_AGE_HOURS_MAX must be at least 1' })
  @Max(HOURS_PER_YEAR, { message: `WAYBILL_EVENTS_AGE_HOURS_MAX must be at most ${HOURS_PER_YEAR}` })
  readonly ageHoursMax!: number;

  @IsInt({ message: 'WAYBILL_EVENTS_BYTES_MAX must be a whole number of bytes' })
  @Min(1_048_576, { message: 'WAYBILL_EVENTS_BYTES_MAX must be at least 1048576, which is 1 MiB' })
  readonly bytesMax!: number;

  get limits(): EventStreamLimits {
    const { storage, ageHoursMax, bytesMax } = this;
    return { storage, ageSecondsMax: ageHoursMax * SECONDS_PER_HOUR, bytesMax };
  }
}

/**
 * Reads WAYBILL_STRUCTURED_CLOUDEVENTS (1: a copy of each event in the structured mode of CloudEvents),
 * WAYBILL_EVENTS_STORAGE (memory), WAYBILL_EVENTS_AGE_HOURS_MAX (24) and WAYBILL_EVENTS_BYTES_MAX (16 MiB in memory, 1 GiB
 * in a file). An empty variable counts as absent. @throws SettingsProblem
 */
export function readEventSettings(env: NodeJS.ProcessEnv): EventSettings {
  const value = (name: string): string | undefined => env[`WAYBILL_${name}`] || undefined;
  const storage = value('EVENTS_STORAGE') ?? 'memory';
  const settings = Object.assign(new EventSettings(), {
    structuredCopies: value('STRUCTURED_CLOUDEVENTS') === '1',
    storage,
    ageHoursMax: Number(value('EVENTS_AGE_HOURS_MAX') ?? AGE_HOURS_DEFAULT),
    bytesMax: Number(value('EVENTS_BYTES_MAX') ?? BYTES_DEFAULT[storage === 'file' ? 'file' : 'memory']),
  });
  const problems = validateSync(settings).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if (problems.length > 0) throw new SettingsProblem(problems.join('; '));
  return settings;
}
