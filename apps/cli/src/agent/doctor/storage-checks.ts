import { engineDiskProblem } from '#libs/container-runtime-docker';
import { type CheckResult, engineOf, fatal, type HostCheck, missing, ok, unknown } from './host-check.ts';

const GIB = 1024 ** 3;
/** Below this volumes that are configured at launch may not fit. */
const FREE_BYTES_MIN = 2 * GIB;
const MAKE_ROOM = 'make room: docker system df shows what takes it';
const ALLOW_FILE_SYSTEMS =
  'run the agent as root, as a process of the engine’s machine; apt-get install e2fsprogs xfsprogs; modprobe loop';
const OTHERS_MAY_READ = 0o077;

export const storageChecks: readonly HostCheck[] = [
  {
    name: 'disk of the engine',
    needs: 'images and containers',
    async run(probe) {
      const engine = engineOf(probe);
      const disk = engine === null ? null : await probe.engineDisk();
      if (disk === null) return unknown('no engine of this machine answers');
      const problem = engineDiskProblem(disk);
      return problem === undefined ? ok(freeText(disk.freeBytes, disk.dataRoot)) : missing(problem, MAKE_ROOM);
    },
  },
  {
    name: 'disk of the data folder',
    needs: 'logs, and volumes that are configured at launch',
    run: async ({ freeBytes, home }) => room(await freeBytes(home), home),
  },
  {
    name: 'file systems',
    needs: 'volumes configured at launch (managed EBS volumes)',
    async run({ launchVolumesObstacle }) {
      const obstacle = await launchVolumesObstacle();
      return obstacle === undefined ? ok('loop devices, ext3, ext4, xfs') : missing(obstacle, ALLOW_FILE_SYSTEMS);
    },
  },
  {
    name: 'registry credentials',
    needs: 'images of private registries, and their passwords kept from others',
    async run({ env, registryCredentialsObstacle }) {
      const file = env['WAYBILL_REGISTRY_CREDENTIALS'];
      if (!file) return ok('none are configured');
      const obstacle = await registryCredentialsObstacle(file);
      if (obstacle === undefined) return ok(file);
      // An agent does not start with what it cannot use.
      return fatal(obstacle, `make ${file} JSON that only its owner may read: chmod 600 ${file}`);
    },
  },
  {
    name: 'logins of registries',
    needs: 'images of private registries, and their passwords kept from others',
    async run({ env, modeOf }) {
      const file = env['WAYBILL_DOCKER_CONFIG'];
      if (!file) return ok('none are configured');
      const mode = await modeOf(file);
      if (mode === null) return missing(`${file} is not there`, 'make it, or unset the variable that names it');
      if ((mode & OTHERS_MAY_READ) === 0) return ok(file);
      return missing(`${file} can be read by others`, `chmod 600 ${file}`);
    },
  },
];

function room(bytes: number | null, folder: string): CheckResult {
  if (bytes === null) return unknown(`${folder} is not there, or not for this user`);
  const found = freeText(bytes, folder);
  return bytes >= FREE_BYTES_MIN ? ok(found) : missing(found, MAKE_ROOM);
}

function freeText(bytes: number, folder: string): string {
  return `${(bytes / GIB).toFixed(1)} GiB free in ${folder}`;
}
