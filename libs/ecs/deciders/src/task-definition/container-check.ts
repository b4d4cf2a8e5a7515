import type { ContainerInput, Rejection, TaskDefinitionInput } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { requirementsFault } from '../shared/resource-requirements.ts';
import { firstRefusal } from './first-refusal.ts';
import { checkHealthCheck } from './health-check-rules.ts';
import { checkLinux } from './linux-check.ts';

const TIMEOUT_SECONDS_MIN = 2;
const TIMEOUT_SECONDS_MAX = 86_400;
const RESTART_PERIOD_SECONDS_MIN = 60;
const RESTART_PERIOD_SECONDS_MAX = 1_800;
const IGNORED_EXIT_CODES_MAX = 50;
const ENVIRONMENT_FILES_MAX = 10;

/** With a network interface of its own a task has no bridge, and its names come from the network. */
const NOT_WITH_AWSVPC = {
  hostname: 'hostname is',
  dnsServers: 'DNS servers are',
  dnsSearchDomains: 'DNS search domains are',
  extraHosts: 'Extra hosts are',
} as const;

/** Rules for each container beyond its name, image and size, and between a container and its task. */
export function checkContainers(input: TaskDefinitionInput): Rejection | null {
  return firstRefusal(
    input.containerDefinitions,
    (container) =>
      checkNetworkMembers(container, input.networkMode) ??
      checkNames(container) ??
      checkSecrets(container, input) ??
      checkEnvironmentFiles(container) ??
      checkMounts(container, input) ??
      checkTimeouts(container) ??
      checkRestartPolicy(container) ??
      checkUlimits(container) ??
      checkDevices(container) ??
      checkLinux(container, input) ??
      checkHealthCheck(container),
  );
}

function checkNetworkMembers(container: ContainerInput, networkMode: string | undefined): Rejection | null {
  const { links = [] } = container;
  if (links.length > 0 && networkMode !== undefined && networkMode !== 'bridge') {
    return clientError(`Links are not supported when networkMode=${networkMode}.`);
  }
  if (networkMode !== 'awsvpc') return null;
  if (container.disableNetworking === true) return notWithAwsvpc('Disable Networking is');
  return firstRefusal(['hostname', 'dnsServers', 'dnsSearchDomains', 'extraHosts'] as const, (member) => {
    const { [member]: value = [] } = container;
    return value.length > 0 ? notWithAwsvpc(NOT_WITH_AWSVPC[member]) : null;
  });
}

function notWithAwsvpc(subject: string): Rejection {
  return clientError(`${subject} not supported on container when networkMode=awsvpc.`);
}

/** The model lets these out; they would mean nothing. */
function checkNames(container: ContainerInput): Rejection | null {
  const refuse = (what: string, member: string): Rejection =>
    clientError(`Invalid ${what} for container '${container.name ?? ''}'. A ${member} must be specified.`);
  const isNamed = (name: string | undefined): boolean => name !== undefined && name !== '';
  const { environment = [], systemControls = [], mountPoints = [] } = container;
  if (!environment.every(({ name }) => isNamed(name))) {
    return refuse('environment variable', 'name');
  }
  if (!systemControls.every(({ namespace }) => isNamed(namespace))) {
    return refuse('system control', 'namespace');
  }
  return mountPoints.every(({ containerPath }) => isNamed(containerPath))
    ? null
    : refuse('mount point', 'container path');
}

function checkSecrets(container: ContainerInput, input: TaskDefinitionInput): Rejection | null {
  const variables = new Set((container.environment ?? []).map(({ name }) => name));
  const names = new Set<string>();
  const { secrets = [] } = container;
  const refused = firstRefusal(secrets, ({ name }) => {
    if (names.has(name)) {
      return clientError(`Duplicate secret names found: ${name}. Each secret name must be unique.`);
    }
    names.add(name);
    if (!variables.has(name)) return null;
    return clientError(
      'The secret name must be unique and not shared with any new or existing environment variables set on the ' +
        `container, such as '${name}'.`,
    );
  });
  if (refused !== null || secrets.length === 0 || input.executionRoleArn !== undefined) return refused;
  return clientError(
    "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
  );
}

function checkEnvironmentFiles(container: ContainerInput): Rejection | null {
  const { environmentFiles: files = [] } = container;
  if (files.length > ENVIRONMENT_FILES_MAX) {
    return clientError('The maximum number of environment files was exceeded. Specify ten or less and try again.');
  }
  return files.every(({ value }) => value.startsWith('arn:')) ? null : clientError('Invalid arn syntax.');
}

function checkMounts(container: ContainerInput, input: TaskDefinitionInput): Rejection | null {
  const volumes = new Set((input.volumes ?? []).map(({ name }) => name));
  const containers = new Set(input.containerDefinitions.map(({ name }) => name));
  return (
    firstRefusal(container.mountPoints ?? [], ({ sourceVolume: volume }) => {
      return volumes.has(volume) ? null : clientError(`Unknown volume '${volume ?? ''}'.`);
    }) ??
    firstRefusal(container.volumesFrom ?? [], ({ sourceContainer: source }) => {
      if (source === container.name) {
        return clientError(`Container '${container.name ?? ''}' cannot take volumes from itself.`);
      }
      return containers.has(source)
        ? null
        : clientError(`Invalid 'volumesFrom' setting. Unknown container: '${source ?? ''}'.`);
    })
  );
}

/** `startTimeout` and `stopTimeout`, in whatever place the task is to run. */
function checkTimeouts(container: ContainerInput): Rejection | null {
  return firstRefusal(['start', 'stop'] as const, (what) => {
    const { [`${what}Timeout` as const]: seconds } = container;
    if (seconds === undefined) return null;
    const subject = `Granular ${what} timeout on container '${container.name ?? ''}' must be at`;
    if (seconds < TIMEOUT_SECONDS_MIN) return clientError(`${subject} least ${TIMEOUT_SECONDS_MIN} seconds.`);
    if (seconds > TIMEOUT_SECONDS_MAX) return clientError(`${subject} most ${TIMEOUT_SECONDS_MAX} seconds.`);
    return null;
  });
}

function checkRestartPolicy(container: ContainerInput): Rejection | null {
  const { restartAttemptPeriod: seconds, ignoredExitCodes = [] } = container.restartPolicy ?? {};
  if (ignoredExitCodes.length > IGNORED_EXIT_CODES_MAX) {
    return clientError(
      `The 'ignoredExitCodes' setting for container '${container.name ?? ''}' can have at most ` +
        `${IGNORED_EXIT_CODES_MAX} exit codes.`,
    );
  }
  if (seconds === undefined) return null;
  if (seconds >= RESTART_PERIOD_SECONDS_MIN && seconds <= RESTART_PERIOD_SECONDS_MAX) return null;
  return clientError(
    `The 'restartAttemptPeriod' setting for container '${container.name ?? ''}' must be between ` +
      `${RESTART_PERIOD_SECONDS_MIN} and ${RESTART_PERIOD_SECONDS_MAX}.`,
  );
}

function checkDevices({ name = '', resourceRequirements }: ContainerInput): Rejection | null {
  const fault = requirementsFault(name, resourceRequirements);
  return fault === null ? null : clientError(fault);
}

function checkUlimits(container: ContainerInput): Rejection | null {
  return firstRefusal(container.ulimits ?? [], ({ name, softLimit: soft, hardLimit: hard }) => {
    // −1 is Docker's "no limit".
    const exceeds = hard !== -1 && (soft === -1 || soft > hard);
    return exceeds ? clientError(`Soft limit exceeds hard limit for ulimit ${name}.`) : null;
  });
}
