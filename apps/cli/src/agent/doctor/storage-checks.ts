import { engineOf, type HostCheck, missing, ok, unknown } from './host-check.ts';

const GIB = 1024 ** 3;
/** Below this the next image may not fit. */
const FREE_BYTES_MIN = 2 * GIB;
const FILE_SYSTEM_TOOLS = ['mkfs.ext3', 'mkfs.ext4', 'mkfs.xfs'];
const LOOP_CONTROL = '/dev/loop-control';
const OTHERS_MAY_READ = 0o077;

export const storageChecks: readonly HostCheck[] = [
  {
    name: 'disk of the engine',
    needs: 'images and containers',
    async run(probe) {
      const engine = engineOf(probe);
      if (engine === null || !engine.isLocal) return unknown('the engine is not on this machine');
      return room(await probe.freeBytes(engine.dataFolder), engine.dataFolder);
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
    async run({ findProgram, exists, isRoot }) {
      const lacking: string[] = [];
      for (const tool of FILE_SYSTEM_TOOLS) if ((await findProgram(tool)) === null) lacking.push(tool);
      if (lacking.length > 0) return missing(`no ${lacking.join(', ')}`, 'apt-get install e2fsprogs xfsprogs');
      if (!(await exists(LOOP_CONTROL))) return missing('no loop devices', 'modprobe loop');
      return isRoot ? ok('loop devices, ext3, ext4, xfs') : missing('not for this user', 'run the agent as root');
    },
  },
  {
    name: 'registry credentials',
    needs: 'images of private registries, and their passwords kept from others',
    async run({ env, modeOf }) {
      const file = env['WAYBILL_REGISTRY_CREDENTIALS'] || env['WAYBILL_DOCKER_CONFIG'];
      const behavior = `pull behaviour ${env['WAYBILL_IMAGE_PULL_BEHAVIOR'] || 'default'}`;
      if (!file) return ok(`${behavior}; none are configured`);
      const mode = await modeOf(file);
      if (mode === null) return missing(`${file} is not there`, 'make it, or unset the variable that names it');
      if ((mode & OTHERS_MAY_READ) === 0) return ok(`${behavior}; ${file}`);
      return missing(`${file} can be read by others`, `chmod 600 ${file}`);
    },
  },
];

function room(bytes: number | null, folder: string) {
  if (bytes === null) return unknown(`${folder} is not there, or not for this user`);
  const found = `${(bytes / GIB).toFixed(1)} GiB free in ${folder}`;
  return bytes >= FREE_BYTES_MIN ? ok(found) : missing(found, 'make room: docker system df shows what takes it');
}
