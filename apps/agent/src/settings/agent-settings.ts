import { plainToInstance } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  Matches,
  Max,
  Min,
  validateSync,
} from 'class-validator';
import { HOST_LAUNCH_TYPES, HOST_LAUNCH_TYPES_DEFAULT, NAME_PATTERN, NAME_RULE } from '#libs/ecs/messages';
import type { Attribute, HostLaunchType } from '#libs/ecs/messages';
import { instanceIdFrom, parseDuration, SettingsProblem } from '#libs/platform';
import { listOf, switchOf, textOf, textsByName } from './variables.ts';

/** A day. */
const TASK_CLEANUP_SECONDS_MAX = 86_400;
const RESERVED_MEMORY_RULE = 'WAYBILL_RESERVED_MEMORY must be MiB, 0 or more';
const LAUNCH_TYPES_RULE = `WAYBILL_LAUNCH_TYPES must be some of ${HOST_LAUNCH_TYPES.join(',')}`;
const CLEANUP_RULE = `WAYBILL_TASK_CLEANUP_SECONDS must be 1 to ${TASK_CLEANUP_SECONDS_MAX} seconds`;

const DRAIN_TIMEOUT_MS_MAX = 604_800_000;
const DRAIN_TIMEOUT_RULE = 'WAYBILL_DRAIN_TIMEOUT must be a duration of at most a week, e.g. 90s or 10m';

const METRICS_INTERVAL_MS_MAX = 300_000;
const METRICS_RULE = 'WAYBILL_METRICS_INTERVAL must be a duration of at most 5 minutes, e.g. 20s, or 0s';

/** The settings that only an agent has, from its environment. */
export class AgentSettings {
  @Matches(NAME_PATTERN, { message: `WAYBILL_CLUSTER must be ${NAME_RULE}` })
  readonly cluster!: string;

  /** Null: made at the first start and kept in the data folder. A name of a NATS subject, so a safe token. */
  readonly instanceId!: string | null;

  /** MiB of the machine that containers do not get. */
  @IsInt({ message: RESERVED_MEMORY_RULE })
  @Min(0, { message: RESERVED_MEMORY_RULE })
  readonly reservedMemoryMiB!: number;

  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'WAYBILL_AVAILABILITY_ZONE must look like us-east-1a' })
  readonly availabilityZone!: string;

  /** How long the containers of a stopped task stay on the host. */
  @IsInt({ message: CLEANUP_RULE })
  @Min(1, { message: CLEANUP_RULE })
  @Max(TASK_CLEANUP_SECONDS_MAX, { message: CLEANUP_RULE })
  readonly taskCleanupSeconds!: number;

  /** What kinds of tasks the host takes. With FARGATE alone it is no container instance: only Fargate tasks see it. */
  @ArrayNotEmpty({ message: LAUNCH_TYPES_RULE })
  @IsIn(HOST_LAUNCH_TYPES, { each: true, message: LAUNCH_TYPES_RULE })
  readonly launchTypes!: readonly HostLaunchType[];

  /** SIGTERM: serve until the tasks have gone, then end. */
  @IsBoolean()
  readonly drainOnSigterm!: boolean;

  /** Then end though tasks still run. */
  @IsNumber({}, { message: DRAIN_TIMEOUT_RULE })
  @Max(DRAIN_TIMEOUT_MS_MAX, { message: DRAIN_TIMEOUT_RULE })
  readonly drainTimeoutMs!: number;

  /** Containers can read about themselves (the task metadata endpoint). */
  @IsBoolean()
  readonly metadata!: boolean;

  /** How much time a message of measurements is about; 0: nothing is measured. */
  @IsNumber({}, { message: METRICS_RULE })
  @Max(METRICS_INTERVAL_MS_MAX, { message: METRICS_RULE })
  readonly metricsIntervalMs!: number;

  @IsArray()
  readonly customAttributes!: readonly Attribute[];
}

const DEFAULT_CLUSTER = 'default';
const DEFAULT_TASK_CLEANUP_SECONDS = 300;
const DEFAULT_DRAIN_TIMEOUT = '10m';
/** As ECS agents. */
const DEFAULT_METRICS_INTERVAL = '20s';
const ATTRIBUTES = 'texts, e.g. {"stack":"blue"}';

/**
 * Reads WAYBILL_CLUSTER (default), WAYBILL_INSTANCE_ID, WAYBILL_RESERVED_MEMORY (0), WAYBILL_AVAILABILITY_ZONE
 * (`<region>a`), WAYBILL_TASK_CLEANUP_SECONDS (300), WAYBILL_LAUNCH_TYPES (`EC2,EXTERNAL`), WAYBILL_DRAIN_ON_SIGTERM (0), WAYBILL_DRAIN_TIMEOUT (10m),
 * WAYBILL_METADATA (1), WAYBILL_METRICS_INTERVAL (20s) and WAYBILL_INSTANCE_ATTRIBUTES (`{"stack":"blue"}`). An empty variable counts as absent.
 * @throws SettingsProblem
 */
export function readAgentSettings(env: NodeJS.ProcessEnv, region: string): AgentSettings {
  const value = (name: string): string | undefined => textOf(env, name);
  const settings = plainToInstance(AgentSettings, {
    cluster: value('WAYBILL_CLUSTER') ?? DEFAULT_CLUSTER,
    instanceId: instanceIdFrom(env),
    reservedMemoryMiB: Number(value('WAYBILL_RESERVED_MEMORY') ?? 0),
    availabilityZone: value('WAYBILL_AVAILABILITY_ZONE') ?? `${region}a`,
    taskCleanupSeconds: Number(value('WAYBILL_TASK_CLEANUP_SECONDS') ?? DEFAULT_TASK_CLEANUP_SECONDS),
    launchTypes: listOf(env, 'WAYBILL_LAUNCH_TYPES') ?? HOST_LAUNCH_TYPES_DEFAULT,
    drainOnSigterm: switchOf(env, 'WAYBILL_DRAIN_ON_SIGTERM', false),
    drainTimeoutMs: parseDuration(value('WAYBILL_DRAIN_TIMEOUT') ?? DEFAULT_DRAIN_TIMEOUT),
    metadata: switchOf(env, 'WAYBILL_METADATA', true),
    metricsIntervalMs: parseDuration(value('WAYBILL_METRICS_INTERVAL') ?? DEFAULT_METRICS_INTERVAL),
    customAttributes: attributesOf(textsByName(env, 'WAYBILL_INSTANCE_ATTRIBUTES', ATTRIBUTES) ?? {}),
  });
  const problems = validateSync(settings).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if (problems.length > 0) throw new SettingsProblem(problems.join('; '));
  return settings;
}

function attributesOf(values: Readonly<Record<string, string>>): readonly Attribute[] {
  return Object.entries(values).map(([name, value]) => (value === '' ? { name } : { name, value }));
}
