import type { DockerVersion } from 'dockerode';
import type { RuntimeInfo } from '#libs/container-runtime';
import { member, numberMember, textMember, textsMember } from './untyped-members.ts';

const MIB = 1024 * 1024;

/** ECS's words for what Docker calls machines. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'x86_64',
  amd64: 'x86_64',
  aarch64: 'arm64',
  arm64: 'arm64',
};

/** `docker info` and `docker version` as placement wants to know them, with what this runtime makes of the host. */
export function engineInfoOf(info: unknown, version: DockerVersion, capabilities: readonly string[]): RuntimeInfo {
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    // Docker does not list the driver that does nothing.
    loggingDrivers: [...new Set([...textsMember(member(info, 'Plugins'), 'Log'), 'none'])].sort(),
    osType: textMember(info, 'OSType') ?? version.Os,
    cpuArchitecture: engineArchitectureOf(info) ?? architectureOf(version.Arch),
    securityOptions: textsMember(info, 'SecurityOptions'),
    cpus: numberMember(info, 'NCPU') ?? 1,
    memoryMiB: Math.floor((numberMember(info, 'MemTotal') ?? 0) / MIB),
    capabilities,
  };
}

/** The processor that `docker info` shows, as ECS names it. */
export function engineArchitectureOf(info: unknown): string | undefined {
  const architecture = textMember(info, 'Architecture');
  return architecture === undefined ? undefined : architectureOf(architecture);
}

function architectureOf(machine: string): string {
  return ARCHITECTURES[machine] ?? machine;
}
