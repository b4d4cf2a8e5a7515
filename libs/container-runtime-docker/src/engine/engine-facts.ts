import { Docker } from './dockerode.ts';
import { isLocalEngine } from './engine-place.ts';
import { hasGvisor } from '../container/isolation.ts';
import { textMember } from './untyped-members.ts';

/** What a host's engine is, for people who ask what the host lacks. */
export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
  /** `linux`, `windows`. */
  readonly osType: string;
  /** It runs on this machine, and names its files as this process does. */
  readonly isLocal: boolean;
  readonly cgroupVersion: string;
  /** `cgroupfs`, `systemd`, `none`. */
  readonly cgroupDriver: string;
  /** It can give FARGATE tasks a kernel of their own. */
  readonly hasGvisor: boolean;
}

/** Asks the engine that DOCKER_HOST names, or the local one. @throws an error of its API if it does not answer */
export async function readEngineFacts(): Promise<EngineFacts> {
  const docker = new Docker();
  const [info, version]: [unknown, Docker.DockerVersion] = await Promise.all([docker.info(), docker.version()]);
  return {
    version: version.Version,
    apiVersion: version.ApiVersion,
    osType: textMember(info, 'OSType') ?? version.Os,
    isLocal: isLocalEngine(docker, info),
    cgroupVersion: textMember(info, 'CgroupVersion') ?? '1',
    cgroupDriver: textMember(info, 'CgroupDriver') ?? 'none',
    hasGvisor: hasGvisor(info),
  };
}
