import { PULL_BEHAVIORS, PULL_LIMITS_DEFAULT } from '#libs/container-runtime-docker';
import type { ImageOptions } from '#libs/container-runtime-docker';
import { parseDuration, SettingsProblem } from '#libs/platform';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const WEEK_MS = 604_800_000;
const IMAGES_PER_CYCLE_MAX = 1_000;

/** Where a host's images come from and how long they stay, with the names of files for what is secret. */
export interface ImageSettings extends Pick<ImageOptions, 'behavior' | 'limits' | 'cleanup'> {
  readonly credentialsFile?: string;
  readonly dockerConfigFile?: string;
}

/**
 * Reads WAYBILL_IMAGE_PULL_BEHAVIOR (default), WAYBILL_IMAGE_PULL_TIMEOUT (2h), WAYBILL_IMAGE_PULL_INACTIVITY_TIMEOUT (1m),
 * WAYBILL_REGISTRY_CREDENTIALS, WAYBILL_DOCKER_CONFIG, WAYBILL_IMAGE_CLEANUP_INTERVAL (30m), WAYBILL_IMAGE_MINIMUM_CLEANUP_AGE
 * (1h), WAYBILL_NUM_IMAGES_DELETE_PER_CYCLE (5) and WAYBILL_IMAGE_CLEANUP_EXCLUDE: ECS's names and meanings. An empty variable
 * counts as absent.
 * @throws SettingsProblem
 */
export function readImageSettings(env: NodeJS.ProcessEnv): ImageSettings {
  const behavior = env['WAYBILL_IMAGE_PULL_BEHAVIOR'] || 'default';
  const known = PULL_BEHAVIORS.find((name) => name === behavior);
  if (known === undefined) {
    throw new SettingsProblem(`WAYBILL_IMAGE_PULL_BEHAVIOR must be one of ${PULL_BEHAVIORS.join(', ')}`);
  }
  const credentialsFile = env['WAYBILL_REGISTRY_CREDENTIALS'];
  const dockerConfigFile = env['WAYBILL_DOCKER_CONFIG'];
  const cleanup = cleanupSettings(env);
  return {
    behavior: known,
    limits: {
      totalMs: duration(env, 'WAYBILL_IMAGE_PULL_TIMEOUT', SECOND_MS, '1s') ?? PULL_LIMITS_DEFAULT.totalMs,
      inactivityMs:
        duration(env, 'WAYBILL_IMAGE_PULL_INACTIVITY_TIMEOUT', SECOND_MS, '1s') ?? PULL_LIMITS_DEFAULT.inactivityMs,
    },
    // As in ECS: whoever prefers what is there does not want it to go.
    ...(known === 'prefer-cached' ? {} : { cleanup }),
    ...(credentialsFile ? { credentialsFile } : {}),
    ...(dockerConfigFile ? { dockerConfigFile } : {}),
  };
}

function cleanupSettings(env: NodeJS.ProcessEnv): NonNullable<ImageOptions['cleanup']> {
  const count = Number(env['WAYBILL_NUM_IMAGES_DELETE_PER_CYCLE'] || 5);
  if (!Number.isInteger(count) || count < 1 || count > IMAGES_PER_CYCLE_MAX) {
    throw new SettingsProblem(`WAYBILL_NUM_IMAGES_DELETE_PER_CYCLE must be 1 to ${IMAGES_PER_CYCLE_MAX}`);
  }
  const excluded = (env['WAYBILL_IMAGE_CLEANUP_EXCLUDE'] ?? '').split(',').map((reference) => reference.trim());
  return {
    intervalMs: duration(env, 'WAYBILL_IMAGE_CLEANUP_INTERVAL', 10 * MINUTE_MS, '10m') ?? 30 * MINUTE_MS,
    minimumAgeMs: duration(env, 'WAYBILL_IMAGE_MINIMUM_CLEANUP_AGE', MINUTE_MS, '1m') ?? 60 * MINUTE_MS,
    imagesPerCycleMax: count,
    excluded: excluded.filter((reference) => reference !== ''),
  };
}

/** @returns ms; undefined: not given */
function duration(env: NodeJS.ProcessEnv, name: string, minMs: number, minText: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const ms = parseDuration(text);
  if (ms !== null && ms >= minMs && ms <= WEEK_MS) return ms;
  throw new SettingsProblem(`${name} must be a duration of ${minText} to 1w, e.g. 90s or 30m`);
}
