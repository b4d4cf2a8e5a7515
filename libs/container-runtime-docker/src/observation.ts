import type { ContainerInspectInfo } from 'dockerode';
import type { ContainerObservation } from '#libs/container-runtime';
import type { HealthStatus, NetworkBinding } from '#libs/contracts';
import { numberMember } from './opaque.ts';

const OUT_OF_MEMORY = 'OutOfMemoryError: Container killed due to memory usage';

/** A container as Docker's inspection shows it. */
export function observationOf(info: ContainerInspectInfo, imageDigest: string | undefined): ContainerObservation {
  const { State: state } = info;
  const phase = phaseOf(state.Status);
  const startedAt = timeOf(state.StartedAt);
  const ended = phase === 'STOPPED' && startedAt !== undefined;
  const reason = phase === 'STOPPED' ? reasonOf(state) : undefined;
  const healthStatus = healthOf(state.Health?.Status);
  const stopTimeoutSeconds = numberMember(info.Config, 'StopTimeout');
  return {
    runtimeId: info.Id,
    phase,
    networkBindings: networkBindingsOf(info.NetworkSettings.Ports),
    ...(imageDigest === undefined ? {} : { imageDigest }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(ended ? { exitCode: state.ExitCode, finishedAt: timeOf(state.FinishedAt) ?? startedAt } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(healthStatus === undefined ? {} : { healthStatus }),
    ...(stopTimeoutSeconds === undefined ? {} : { stopTimeoutSeconds }),
  };
}

/** Docker's state words: created, running, paused, restarting, removing, exited, dead. */
export function phaseOf(status: string): ContainerObservation['phase'] {
  if (status === 'created') return 'CREATED';
  return status === 'exited' || status === 'dead' || status === 'removing' ? 'STOPPED' : 'RUNNING';
}

function reasonOf(state: ContainerInspectInfo['State']): string | undefined {
  if (state.OOMKilled) return OUT_OF_MEMORY;
  return state.Error === '' ? undefined : `CannotStartContainerError: ${state.Error}`;
}

/** Starting is not yet known; no health check at all is absent (ecs-behaviour §24). */
function healthOf(status: string | undefined): HealthStatus | undefined {
  if (status === undefined || status === 'none') return undefined;
  if (status === 'healthy') return 'HEALTHY';
  return status === 'unhealthy' ? 'UNHEALTHY' : 'UNKNOWN';
}

/** Docker writes the year 1 for "never". */
function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isFinite(time) && time > 0 ? time : undefined;
}

/** Each published port once: Docker shows an IPv6 twin of every IPv4 binding. */
export function networkBindingsOf(ports: ContainerInspectInfo['NetworkSettings']['Ports']): readonly NetworkBinding[] {
  const bindings = new Map<string, NetworkBinding>();
  for (const [key, published] of Object.entries(ports ?? {})) {
    const [containerPort = '', wire] = key.split('/');
    if (wire !== 'tcp' && wire !== 'udp') continue;
    for (const { HostIp, HostPort } of published ?? []) {
      const binding: NetworkBinding = {
        bindIP: HostIp,
        containerPort: Number(containerPort),
        hostPort: Number(HostPort),
        protocol: wire,
      };
      const twin = `${key}:${HostPort}`;
      if (!bindings.has(twin) || bindings.get(twin)?.bindIP === '::') bindings.set(twin, binding);
    }
  }
  return [...bindings.values()].sort((a, b) => a.containerPort - b.containerPort || a.hostPort - b.hostPort);
}
