import path from 'node:path';
import { plainToInstance, Transform } from 'class-transformer';
import { IsInt, IsString, Matches, Max, Min, validateSync } from 'class-validator';

/** The settings every Waybill process shares, from its environment. */
export class Settings {
  /** Data folder. */
  @IsString() readonly home!: string;

  /** HTTP port of the API; 0 = any free one. */
  @IsInt() @Min(0) @Max(65_535) readonly port!: number;

  /** Part of every ARN. */
  @Matches(/^\d{12}$/, { message: 'WAYBILL_ACCOUNT must be 12 digits' }) readonly account!: string;

  @Matches(/^[a-z0-9-]{1,32}$/, { message: 'AWS_REGION must look like us-east-1' }) readonly region!: string;

  @Matches(/^(trace|debug|info|warn|error|fatal|silent)$/, { message: 'WAYBILL_LOG_LEVEL is not a level of pino' })
  @Transform(({ value }: { value: string }) => value.toLowerCase())
  readonly logLevel!: string;
}

export const DEFAULT_PORT = 8420;
export const DEFAULT_ACCOUNT = '000000000000';
export const DEFAULT_REGION = 'us-east-1';

/** A setting that makes no sense; the message says which and what to do. */
export class SettingsProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsProblem';
  }
}

/**
 * Reads WAYBILL_HOME (`.waybill`), WAYBILL_PORT (8420), WAYBILL_ACCOUNT (000000000000), AWS_REGION (us-east-1) and
 * WAYBILL_LOG_LEVEL (info). An empty variable counts as absent.
 * @throws SettingsProblem
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const value = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const settings = plainToInstance(Settings, {
    home: path.resolve(value('WAYBILL_HOME') ?? '.waybill'),
    port: Number(value('WAYBILL_PORT') ?? DEFAULT_PORT),
    account: value('WAYBILL_ACCOUNT') ?? DEFAULT_ACCOUNT,
    region: value('AWS_REGION') ?? DEFAULT_REGION,
    logLevel: value('WAYBILL_LOG_LEVEL') ?? 'info',
  });
  const problems = validateSync(settings).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if (problems.length > 0) throw new SettingsProblem(problems.join('; '));
  return settings;
}
