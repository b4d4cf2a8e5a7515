import type { ContainerCreateOptions, HealthConfig } from 'dockerode';
import type { OwnContainerSpec } from '#libs/container-runtime';
import type { HealthCheck } from '#libs/ecs/messages';
import { hostConfigOf, joinsNetwork, portKey } from './host-config.ts';
import type { HostPart } from './host-part.ts';
import { labelsOf } from './labels.ts';

const NANOSECONDS_PER_SECOND = 1e9;
/** Amazon's defaults of a health check, in seconds. */
const HEALTH_DEFAULTS = { interval: 30, timeout: 5, retries: 3, startPeriod: 0 } as const;
const STOP_TIMEOUT_SECONDS_DEFAULT = 30;
const TEST_KINDS = ['CMD', 'CMD-SHELL', 'NONE'];

/** A container of a task as Docker's API takes it. */
export function createOptionsOf(spec: OwnContainerSpec, host: HostPart): ContainerCreateOptions {
  const { container } = spec;
  const joins = joinsNetwork(spec);
  const ports = joins ? [] : container.portMappings.flatMap((mapping) => portKey(mapping) ?? []);
  return {
    name: spec.runtimeName,
    // By id: a name may lead to another image since the pull.
    Image: spec.imageId ?? spec.image.reference,
    Labels: { ...labelsOf(spec, host.home), ...host.labels },
    Env: spec.environment.map(({ name, value = '' }) => `${name}=${value}`),
    ...(isGiven(container.command) ? { Cmd: [...container.command] } : {}),
    ...(isGiven(container.entryPoint) ? { Entrypoint: [...container.entryPoint] } : {}),
    ...(notEmpty(container.user) ? { User: container.user } : {}),
    ...(notEmpty(container.workingDirectory) ? { WorkingDir: container.workingDirectory } : {}),
    ...(notEmpty(container.hostname) && !joins ? { Hostname: container.hostname } : {}),
    ...(container.interactive === true ? { OpenStdin: true } : {}),
    ...(container.pseudoTerminal === true ? { Tty: true } : {}),
    ...(container.disableNetworking === true ? { NetworkDisabled: true } : {}),
    ...(ports.length === 0 ? {} : { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) }),
    StopTimeout: container.stopTimeout ?? STOP_TIMEOUT_SECONDS_DEFAULT,
    Healthcheck: healthConfigOf(container.healthCheck),
    HostConfig: hostConfigOf(spec, host),
  };
}

/** Health checks of the image do not count in ECS. */
function healthConfigOf(check: HealthCheck | undefined): HealthConfig {
  if (check === undefined) return { Test: ['NONE'] };
  const seconds = (value: number | undefined, fallback: number): number => (value ?? fallback) * NANOSECONDS_PER_SECOND;
  // Docker skips a check of any other kind; ECS takes a command without one.
  const [kind = ''] = check.command;
  return {
    Test: TEST_KINDS.includes(kind) ? [...check.command] : ['CMD', ...check.command],
    Interval: seconds(check.interval, HEALTH_DEFAULTS.interval),
    Timeout: seconds(check.timeout, HEALTH_DEFAULTS.timeout),
    StartPeriod: seconds(check.startPeriod, HEALTH_DEFAULTS.startPeriod),
    Retries: check.retries ?? HEALTH_DEFAULTS.retries,
  };
}

/** An empty list means what the image says: an empty Entrypoint would clear the image's. */
function isGiven(words: readonly string[] | undefined): words is readonly string[] {
  return words !== undefined && words.length > 0;
}

function notEmpty(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
