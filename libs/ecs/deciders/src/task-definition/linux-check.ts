import type { ContainerInput, Rejection, TaskDefinitionInput } from '#libs/ecs/messages';
import { clientError } from '../shared/rejections.ts';
import { firstRefusal } from './first-refusal.ts';

const SWAPPINESS_MAX = 100;

/** Kernel parameters that Linux keeps for each network, and for each room of inter-process communication. */
const OF_NETWORK = /^net\./;
const OF_IPC = /^(fs\.mqueue\.|kernel\.msg|kernel\.shm|kernel\.sem$)/;

/** AWS API reference, Tmpfs: mountOptions. Some of them have a value. */
const TMPFS_OPTIONS = new Set(
  (
    'defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime ' +
    'nodiratime relatime norelatime strictatime nostrictatime bind rbind unbindable runbindable private rprivate shared ' +
    'rshared slave rslave mode uid gid nr_inodes nr_blocks mpol'
  ).split(' '),
);

/** What a container asks of the Linux kernel: kernel parameters, temporary file systems, swap. */
export function checkLinux(container: ContainerInput, input: TaskDefinitionInput): Rejection | null {
  return checkSystemControls(container, input) ?? checkTmpfs(container) ?? checkAmounts(container);
}

/** A parameter that the whole host shares cannot be set for one container. */
function checkSystemControls(
  { name = '', systemControls = [] }: ContainerInput,
  { networkMode, ipcMode }: TaskDefinitionInput,
): Rejection | null {
  return firstRefusal(systemControls, ({ namespace = '' }) => {
    const refuse = (why: string): Rejection =>
      clientError(`Invalid system control '${namespace}' for container '${name}'. ${why}`);
    const ofNetwork = OF_NETWORK.test(namespace);
    if (!ofNetwork && !OF_IPC.test(namespace)) return refuse('The namespace is not supported.');
    if (ofNetwork && networkMode === 'host') return refuse('It is not supported when networkMode=host.');
    return !ofNetwork && ipcMode === 'host' ? refuse('It is not supported when ipcMode=host.') : null;
  });
}

function checkTmpfs({ name = '', linuxParameters }: ContainerInput): Rejection | null {
  return firstRefusal(linuxParameters?.tmpfs ?? [], ({ containerPath, size, mountOptions = [] }) => {
    const refuse = (why: string): Rejection => clientError(`Invalid tmpfs mount for container '${name}'. ${why}`);
    if (!containerPath.startsWith('/')) return refuse(`'${containerPath}' is not an absolute path.`);
    if (size < 1) return refuse('The size must be at least 1 MiB.');
    const unknown = mountOptions.find((option) => !TMPFS_OPTIONS.has(option.split('=')[0] ?? ''));
    return unknown === undefined ? null : refuse(`Unknown mount option '${unknown}'.`);
  });
}

function checkAmounts({ name = '', linuxParameters }: ContainerInput): Rejection | null {
  const { swappiness = 0, maxSwap = 0, sharedMemorySize = 1 } = linuxParameters ?? {};
  const refuse = (why: string): Rejection => clientError(`Invalid Linux parameters for container '${name}'. ${why}`);
  if (swappiness < 0 || swappiness > SWAPPINESS_MAX) {
    return refuse(`swappiness must be between 0 and ${SWAPPINESS_MAX}.`);
  }
  if (maxSwap < 0) return refuse('maxSwap must not be negative.');
  return sharedMemorySize < 1 ? refuse('sharedMemorySize must be at least 1 MiB.') : null;
}
