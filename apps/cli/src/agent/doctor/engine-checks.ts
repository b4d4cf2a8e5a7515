import { INSTALL_GVISOR } from '#libs/container-runtime-docker';
import { isAtLeast } from '#libs/kernel';
import { engineOf, fatal, type HostCheck, missing, ok, unknown } from './host-check.ts';

/** Docker 20.10 of 2020: control groups version 2, and everything that definitions are translated into. */
const API_VERSION_MIN = '1.41';
const NO_ENGINE = 'no engine answers';

/** The container engine and what depends on its place. */
export const engineChecks: readonly HostCheck[] = [
  {
    name: 'container engine',
    needs: 'every task',
    async run({ engine, isRoot }) {
      if ('problem' in engine) {
        const remedy = isRoot
          ? 'apt-get install docker.io, or name the engine in DOCKER_HOST'
          : 'install docker.io as root and add this user to the group docker, or name the engine in DOCKER_HOST';
        return fatal(engine.problem, remedy);
      }
      const found = `Docker ${engine.version}, API ${engine.apiVersion}`;
      if (isAtLeast(`${engine.apiVersion}.0`, `${API_VERSION_MIN}.0`)) return ok(found);
      return fatal(found, `use Docker 20.10 or newer (API ${API_VERSION_MIN})`);
    },
  },
  {
    name: 'Linux containers',
    needs: 'every task: definitions are those of Linux',
    async run(probe) {
      const engine = engineOf(probe);
      if (engine === null) return unknown(NO_ENGINE);
      if (engine.osType === 'linux') return ok(engine.osType);
      return fatal(engine.osType, 'use an engine that runs Linux containers');
    },
  },
  {
    name: 'engine on this machine',
    needs: 'task metadata, task-level limits, security groups, volumes configured at launch',
    async run(probe) {
      const engine = engineOf(probe);
      if (engine === null) return unknown(NO_ENGINE);
      if (engine.isLocal) return ok('yes');
      return missing(
        'the engine is on another machine, or this agent in a container',
        'run the agent beside its engine, as a process of the machine',
      );
    },
  },
  {
    name: 'control groups',
    needs: 'limits of a task as a whole; without them each container is bounded by itself',
    async run(probe) {
      const engine = engineOf(probe);
      if (engine === null) return unknown(NO_ENGINE);
      const found = `version ${engine.cgroupVersion}, driver ${engine.cgroupDriver}`;
      if (!['cgroupfs', 'systemd'].includes(engine.cgroupDriver)) {
        return missing(found, 'set the engine’s native.cgroupdriver to cgroupfs or systemd');
      }
      if (probe.isRoot && engine.isLocal) return ok(found);
      return missing(`${found}; not for this user`, 'run the agent as root, on the engine’s machine');
    },
  },
  {
    name: 'gVisor',
    needs: 'Fargate tasks with WAYBILL_ISOLATION=gvisor: a kernel of their own',
    async run(probe) {
      const engine = engineOf(probe);
      if (engine === null) return unknown(NO_ENGINE);
      if (engine.hasGvisor) return ok('the engine has it');
      const found = 'the engine does not have it';
      // An agent that is to isolate by it opens no session without it.
      return probe.env['WAYBILL_ISOLATION'] === 'gvisor'
        ? fatal(found, `${INSTALL_GVISOR}, or set WAYBILL_ISOLATION=process`)
        : unknown(found);
    },
  },
];
