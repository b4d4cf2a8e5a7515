import { describe, expect, test } from '@jest/globals';
import type { ContainerInput, TaskDefinitionInput } from '#libs/ecs/messages';
import { AccountUnderTest, container } from '../../spec/account-builder.ts';

type Input = Partial<TaskDefinitionInput>;
const withOne = (members: ContainerInput, task: Input = {}): Input => ({
  ...task,
  containerDefinitions: [container(members)],
});
const control = (namespace: string, task: Input = {}): Input =>
  withOne({ systemControls: [{ namespace, value: '1' }] }, task);
const tmpfs = (members: object): Input =>
  withOne({ linuxParameters: { tmpfs: [{ containerPath: '/run', size: 16, ...members }] } });

describe('what a definition may ask of the Linux kernel', () => {
  test.each<[string, Input, string]>([
    [
      'a parameter of the whole host',
      control('vm.swappiness'),
      "Invalid system control 'vm.swappiness' for container 'app'. The namespace is not supported.",
    ],
    [
      'another kernel parameter of the whole host',
      control('kernel.semaphore'),
      "Invalid system control 'kernel.semaphore' for container 'app'. The namespace is not supported.",
    ],
    [
      'a network parameter of the host’s own network',
      control('net.core.somaxconn', { networkMode: 'host' }),
      "Invalid system control 'net.core.somaxconn' for container 'app'. It is not supported when networkMode=host.",
    ],
    [
      'a parameter of the host’s own inter-process communication',
      control('kernel.shmmax', { ipcMode: 'host' }),
      "Invalid system control 'kernel.shmmax' for container 'app'. It is not supported when ipcMode=host.",
    ],
    [
      'a temporary file system at no path',
      tmpfs({ containerPath: 'run' }),
      "Invalid tmpfs mount for container 'app'. 'run' is not an absolute path.",
    ],
    ['one of no size', tmpfs({ size: 0 }), "Invalid tmpfs mount for container 'app'. The size must be at least 1 MiB."],
    [
      'one with an unknown option',
      tmpfs({ mountOptions: ['noexec', 'fast=1'] }),
      "Invalid tmpfs mount for container 'app'. Unknown mount option 'fast=1'.",
    ],
    [
      'too much swappiness',
      withOne({ linuxParameters: { maxSwap: 0, swappiness: 101 } }),
      "Invalid Linux parameters for container 'app'. swappiness must be between 0 and 100.",
    ],
    [
      'less than no swap',
      withOne({ linuxParameters: { maxSwap: -1 } }),
      "Invalid Linux parameters for container 'app'. maxSwap must not be negative.",
    ],
    [
      'no shared memory',
      withOne({ linuxParameters: { sharedMemorySize: 0 } }),
      "Invalid Linux parameters for container 'app'. sharedMemorySize must be at least 1 MiB.",
    ],
    [
      'too many exit codes that no restart follows',
      withOne({ restartPolicy: { enabled: true, ignoredExitCodes: Array.from({ length: 51 }, (_, code) => code) } }),
      "The 'ignoredExitCodes' setting for container 'app' can have at most 50 exit codes.",
    ],
  ])('not %s', (_name, input, text) => {
    expect(new AccountUnderTest().refusal(input)).toBe(text);
  });

  test.each<[string, Input]>([
    ['network parameters', control('net.ipv4.tcp_keepalive_time')],
    ['network parameters with an address of its own', control('net.core.somaxconn', { networkMode: 'awsvpc' })],
    ['semaphores', control('kernel.sem')],
    ['shared memory', control('kernel.shm_rmid_forced', { ipcMode: 'task' })],
    ['message queues', control('fs.mqueue.msg_max', { networkMode: 'host' })],
    ['a temporary file system', tmpfs({ mountOptions: ['rw', 'noexec', 'mode=1777'] })],
    ['no swap', withOne({ linuxParameters: { maxSwap: 0, swappiness: 100, sharedMemorySize: 1 } })],
  ])('%s', (_name, input) => {
    expect(new AccountUnderTest().refusal(input)).toBe('accepted');
  });
});
