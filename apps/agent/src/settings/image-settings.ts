import { PULL_BEHAVIORS, PULL_LIMITS_DEFAULT } from '#libs/container-runtime-docker';
import type { ImageOptions } from '#libs/container-runtime-docker';
import { parseDuration, SettingsProblem } from '#libs/platform';
import { countOf, listOf, textOf } from './variables.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const WEEK_MS = 604_800_000;
const IMAGES_PER_CYCLE_DEFAULT = 5;
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
  const behavior = textOf(env, 'WAYBILL_IMAGE_PULL_BEHAVIOR') ?? 'default';
  const known = PULL_BEHAVIORS.find((name) => name === behavior);
  if (known === undefined) {
    throw new SettingsProblem(`WAYBILL_IMAGE_PULL_BEHAVIOR must be one of ${PULL_BEHAVIORS.join(', ')}`);
  }
  const credentialsFile = textOf(env, 'WAYBILL_REGISTRY_CREDENTIALS');
  const dockerConfigFile = textOf(env, 'WAYBILL_DOCKER_CONFIG');
  const cleanup = cleanupSettings(env);
  return {
    behavior: known,
    limits: {
      totalMs: duration(env, 'WAYBILL_IMAGE_PULL_TIMEOUT', SECOND_MS, '1s') ?? PULL_LIMITS_DEFAULT.totalMs,
      inactivityMs:
        duration(env, 'WAYBILL_IMAGE_PULL_INACTIVITY_TIMEOUT', SECOND_MS, '1s') ?? PULL_LIMITS_DEFAULT.inactivityMs,
    },
    // As in ECS: a host that prefers what it has keeps it.
    ...(known === 'prefer-cached' ? {} : { cleanup }),
    ...(credentialsFile === undefined ? {} : { credentialsFile }),
    ...(dockerConfigFile === undefined ? {} : { dockerConfigFile }),
  };
}

function cleanupSettings(env: NodeJS.ProcessEnv): NonNullable<ImageOptions['cleanup']> {
  return {
    intervalMs: duration(env, 'WAYBILL_IMAGE_CLEANUP_INTERVAL', 10 * MINUTE_MS, '10m') ?? 30 * MINUTE_MS,
    minimumAgeMs: duration(env, 'WAYBILL_IMAGE_MINIMUM_CLEANUP_AGE', MINUTE_MS, '1m') ?? 60 * MINUTE_MS,
    imagesPerCycleMax:
      countOf(env, 'WAYBILL_NUM_IMAGES_DELETE_PER_CYCLE', { min: 1, max: IMAGES_PER_CYCLE_MAX }) ??
      IMAGES_PER_CYCLE_DEFAULT,
    excluded: listOf(env, 'WAYBILL_IMAGE_CLEANUP_EXCLUDE') ?? [],
  };
}

/** @returns ms; undefined: not given */
function duration(env: NodeJS.ProcessEnv, name: string, minMs: number, minText: string): number | undefined {
  const text = textOf(env, name);
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== null && ms >= minMs && ms <= WEEK_MS) return ms;
  throw new SettingsProblem(`${name} must be a duration of ${minText} to 1w, e.g. 90s or 30m`);
}
