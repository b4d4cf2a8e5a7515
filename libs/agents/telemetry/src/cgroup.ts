/* Where the kernel shows what a container uses, and how it writes it. */

/** The files of one container's cgroup, by what they hold. */
export interface CgroupFiles {
  readonly version: 1 | 2;
  readonly cpu: string;
  readonly memory: string;
  /** What of the memory is only cached. */
  readonly memoryDetails: string;
  readonly storage: string;
}

/**
 * Finds the cgroup of a process. `cgroups` is its /proc/<pid>/cgroup, `mounts` our own /proc/self/mountinfo; undefined: its
 * controllers are not mounted here, or it is not in the container's cgroup, so another process has that pid.
 */
export function cgroupFilesOf(cgroups: string, mounts: string, runtimeId: string): CgroupFiles | undefined {
  const paths = controllerPaths(cgroups);
  const points = cgroupMounts(mounts);
  const folder = (controller: string): string | undefined => {
    const [path, point] = [paths.get(controller), points.get(controller)];
    if (path === undefined || point === undefined || !path.includes(runtimeId)) return undefined;
    return `${point}${path}`;
  };
  const [cpu, memory, storage] = [folder('cpuacct'), folder('memory'), folder('blkio')];
  if (cpu !== undefined && memory !== undefined && storage !== undefined) {
    return {
      version: 1,
      cpu: `${cpu}/cpuacct.usage`,
      memory: `${memory}/memory.usage_in_bytes`,
      memoryDetails: `${memory}/memory.stat`,
      storage: `${storage}/blkio.throttle.io_service_bytes_recursive`,
    };
  }
  const unified = folder('');
  // Beside controllers of version 1 a unified hierarchy has none of its own.
  if (unified === undefined || paths.has('memory')) return undefined;
  return {
    version: 2,
    cpu: `${unified}/cpu.stat`,
    memory: `${unified}/memory.current`,
    memoryDetails: `${unified}/memory.stat`,
    storage: `${unified}/io.stat`,
  };
}

/** Lines such as `4:memory:/docker/<id>`; version 2 names no controller: `0::/system.slice/docker-<id>.scope`. */
function controllerPaths(cgroups: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of cgroups.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(',')) paths.set(controller, path);
  }
  return paths;
}

const MOUNT = /^\S+ \S+ \S+ \S+ (\S+) .* - (cgroup2?) \S+ (\S+)$/;

/** Where each controller of version 1 is mounted, and under the empty name, the unified hierarchy. */
function cgroupMounts(mounts: string): ReadonlyMap<string, string> {
  const points = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [, point, type, options = ''] = MOUNT.exec(line) ?? [];
    if (point === undefined) continue;
    if (type === 'cgroup2') points.set('', point);
    else for (const option of options.split(',')) points.set(option, point);
  }
  return points;
}

const NS_PER_US = 1000;

/** Nanoseconds of CPU since the container started. */
export function cpuNanoseconds(version: 1 | 2, text: string): number | undefined {
  if (version === 1) return wholeNumber(text);
  const usage = lineValue(text, 'usage_usec');
  return usage === undefined ? undefined : usage * NS_PER_US;
}

/** Bytes in use, without what is only cached, as ECS counts them: page cache in version 1, inactive files in version 2. */
export function memoryBytes(version: 1 | 2, usage: string, details: string): number | undefined {
  const used = wholeNumber(usage);
  const cached = lineValue(details, version === 1 ? 'total_cache' : 'inactive_file');
  return used === undefined || cached === undefined ? undefined : Math.max(0, used - cached);
}

export interface StorageBytes {
  readonly readBytes: number;
  readonly writeBytes: number;
}

/** Lines such as `8:0 Read 4096` in version 1 and `8:0 rbytes=4096 wbytes=0 rios=1 …` in version 2; none: nothing yet. */
export function storageBytes(version: 1 | 2, text: string): StorageBytes {
  const [read, write] = version === 1 ? [/ Read (\d+)$/gm, / Write (\d+)$/gm] : [/ rbytes=(\d+)/g, / wbytes=(\d+)/g];
  return { readBytes: sumOf(text, read), writeBytes: sumOf(text, write) };
}

function sumOf(text: string, pattern: RegExp): number {
  let sum = 0;
  for (const [, digits] of text.matchAll(pattern)) sum += Number(digits);
  return sum;
}

function wholeNumber(text: string): number | undefined {
  return /^\d+\n?$/.test(text) ? Number(text) : undefined;
}

/** The number behind a word at the beginning of a line. */
function lineValue(text: string, word: string): number | undefined {
  const from = text.startsWith(`${word} `) ? 0 : text.indexOf(`\n${word} `) + 1;
  if (from === 0 && !text.startsWith(`${word} `)) return undefined;
  const end = text.indexOf('\n', from);
  return wholeNumber(text.slice(from + word.length + 1, end === -1 ? undefined : end));
}
