import type { HostConfig } from 'dockerode';
import type { OwnContainerSpec } from '#libs/container-runtime';
import { member } from '../engine/untyped-members.ts';

/** What stands between FARGATE tasks and the kernel of their host: namespaces alone, or a kernel of their own in user space. */
export type Isolation = 'process' | 'gvisor';

const GVISOR_RUNTIME = 'runsc';

/** For people who want it. */
export const INSTALL_GVISOR =
  `install gVisor (Debian: package ${GVISOR_RUNTIME}), add {"runtimes": {"${GVISOR_RUNTIME}": {"path": "/usr/bin/runsc", ` +
  '"runtimeArgs": ["--network=host"]}}} to /etc/docker/daemon.json and reload the engine';

/** @param info what `docker info` shows */
export function hasGvisor(info: unknown): boolean {
  return member(member(info, 'Runtimes'), GVISOR_RUNTIME) !== undefined;
}

/** Why the engine cannot isolate as it should, with what to do about it; undefined: it can. */
export function isolationProblem(info: unknown, isolation: Isolation): string | undefined {
  if (isolation === 'process' || hasGvisor(info)) return undefined;
  return `WAYBILL_ISOLATION=gvisor needs the runtime ${GVISOR_RUNTIME}, which this engine does not have: ${INSTALL_GVISOR}`;
}

export function runtimeOf({ launchType }: OwnContainerSpec, isolation: Isolation): HostConfig {
  return isolation === 'gvisor' && launchType === 'FARGATE' ? { Runtime: GVISOR_RUNTIME } : {};
}

/** Containers with kernels of their own have no processes and no shared memory in common. */
export function unisolatedFeature(spec: OwnContainerSpec, isolation: Isolation): string | undefined {
  if (runtimeOf(spec, isolation).Runtime === undefined) return undefined;
  if (spec.pid !== null) return 'pidMode with the isolation gvisor';
  return spec.ipc === null || spec.ipc === 'none' ? undefined : 'ipcMode with the isolation gvisor';
}
