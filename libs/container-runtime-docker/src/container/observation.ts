import type { ContainerInspectInfo } from 'dockerode';
import type { ContainerObservation } from '#libs/container-runtime';
import type { HealthStatus, NetworkBinding } from '#libs/ecs/messages';
import { gpuIdsFrom } from '../gpus/gpu-request.ts';
import { LABELS } from './labels.ts';
import { bindingsWithRanges, unpublishedRanges } from '../network/port-ranges.ts';
import { member, numberMember } from '../engine/untyped-members.ts';

const HEALTH_RETRIES_DEFAULT = 3;
/** By itself, or by SIGTERM: whatever was killed in it for want of memory, the container went on. */
const ENDED_IN_ORDER: ReadonlySet<number> = new Set([0, 143]);
const OUT_OF_MEMORY = 'OutOfMemoryError: Container killed due to memory usage';

/** A container as Docker's inspection shows it. */
export function observationOf(info: ContainerInspectInfo, imageDigest: string | undefined): ContainerObservation {
  const { State: state } = info;
  const phase = phaseOf(state.Status);
  const startedAt = timeOf(state.StartedAt);
  const ended = phase === 'STOPPED' && startedAt !== undefined;
  const reason = phase === 'STOPPED' ? reasonOf(state) : undefined;
  const healthStatus = phase === 'STOPPED' ? healthBeforeTheEnd(info) : healthOf(state.Health?.Status);
  const gpuIds = gpuIdsFrom(info.Config.Labels);
  const stopTimeoutSeconds = numberMember(info.Config, 'StopTimeout');
  return {
    runtimeId: info.Id,
    phase,
    networkBindings: phase === 'RUNNING' ? bindingsOf(info) : [],
    ...(gpuIds === undefined ? {} : { gpuIds }),
    ...(imageDigest === undefined ? {} : { imageDigest }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(ended ? { exitCode: state.ExitCode, finishedAt: timeOf(state.FinishedAt) ?? startedAt } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(healthStatus === undefined ? {} : { healthStatus }),
    ...(stopTimeoutSeconds === undefined ? {} : { stopTimeoutSeconds }),
  };
}

/** Ports of the host, with those of a range together. A container in the network of its task has only ranges to show. */
function bindingsOf({ Config, HostConfig, NetworkSettings }: ContainerInspectInfo): readonly NetworkBinding[] {
  const { [LABELS.portRanges]: ranges } = Config.Labels;
  if (HostConfig.NetworkMode?.startsWith('container:') === true) return unpublishedRanges(ranges);
  return bindingsWithRanges(networkBindingsOf(NetworkSettings.Ports), ranges);
}

/** Docker's state words: created, running, paused, restarting, removing, exited, dead. */
export function phaseOf(status: string): ContainerObservation['phase'] {
  if (status === 'created') return 'CREATED';
  return status === 'exited' || status === 'dead' || status === 'removing' ? 'STOPPED' : 'RUNNING';
}

function reasonOf(state: ContainerInspectInfo['State']): string | undefined {
  if (state.OOMKilled && !ENDED_IN_ORDER.has(state.ExitCode)) return OUT_OF_MEMORY;
  return state.Error === '' ? undefined : `CannotStartContainerError: ${state.Error}`;
}

/** Starting is not yet known; no health check at all is absent. */
function healthOf(status: string | undefined): HealthStatus | undefined {
  if (status === undefined || status === 'none') return undefined;
  if (status === 'healthy') return 'HEALTHY';
  return status === 'unhealthy' ? 'UNHEALTHY' : 'UNKNOWN';
}

/**
 * Docker sets its own status to unhealthy when it ends the probes of a container that stops. The end of a container is no
 * health result (ECS keeps the last status), so the probes that it keeps are read instead.
 */
function healthBeforeTheEnd({ State: state, Config: config }: ContainerInspectInfo): HealthStatus | undefined {
  const last = healthOf(state.Health?.Status);
  if (last === undefined) return undefined;
  const probes = state.Health?.Log ?? [];
  const retries = numberMember(member(config, 'Healthcheck'), 'Retries') ?? HEALTH_RETRIES_DEFAULT;
  // A probe that was cut off by the end has no exit code of its own.
  const failed = probes.filter(({ ExitCode }) => ExitCode > 0).length;
  if (failed >= retries && probes.slice(-retries).every(({ ExitCode }) => ExitCode !== 0)) return 'UNHEALTHY';
  return probes.some(({ ExitCode }) => ExitCode === 0) ? 'HEALTHY' : 'UNKNOWN';
}

/** What the list says of a container's health, in words for people: `Up 5 minutes (healthy)`. */
export function listedHealthOf(status: string): HealthStatus | undefined {
  const health = /\((?:health: )?(starting|healthy|unhealthy)\)$/.exec(status)?.[1];
  return healthOf(health);
}

/** Docker writes the year 1 for "never". */
function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isFinite(time) && time > 0 ? time : undefined;
}

/**
 * Each published port once. Docker publishes an IPv6 twin of every IPv4 binding, for a dynamic port under another number;
 * like the ECS agent by default, only the IPv4 one is reported, unless the engine publishes on IPv6 alone.
 */
export function networkBindingsOf(ports: ContainerInspectInfo['NetworkSettings']['Ports']): readonly NetworkBinding[] {
  return Object.entries(ports ?? {})
    .flatMap(([key, published]) => {
      const [containerPort = '', wire] = key.split('/');
      if (wire !== 'tcp' && wire !== 'udp') return [];
      const all = published ?? [];
      const ipv4 = all.filter(({ HostIp }) => !HostIp.includes(':'));
      return (ipv4.length > 0 ? ipv4 : all).map(({ HostIp, HostPort }) => ({
        bindIP: HostIp,
        containerPort: Number(containerPort),
        hostPort: Number(HostPort),
        protocol: wire as NetworkBinding['protocol'],
      }));
    })
    .sort((a, b) => a.containerPort - b.containerPort || a.hostPort - b.hostPort);
}
