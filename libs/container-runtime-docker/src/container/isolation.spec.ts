import { describe, expect, test } from '@jest/globals';
import { containerSpecOf } from '#libs/testing';
import { isolationProblem, runtimeOf, unisolatedFeature } from './isolation.ts';

const spec = containerSpecOf({ instanceId: 'i', image: 'app:1' });
const fargate = { ...spec, launchType: 'FARGATE' };

describe('isolation', () => {
  test.each([
    ['FARGATE under gVisor', fargate, 'gvisor' as const, { Runtime: 'runsc' }],
    ['EC2 under gVisor: as the engine runs containers', spec, 'gvisor' as const, {}],
    ['FARGATE under none', fargate, 'process' as const, {}],
  ])('%s', (_name, container, isolation, expected) => {
    expect(runtimeOf(container, isolation)).toEqual(expected);
  });

  test('an engine without the runtime is refused, with what to install', () => {
    expect(isolationProblem({ Runtimes: { runc: {}, runsc: {} } }, 'gvisor')).toBe(undefined);
    expect(isolationProblem({ Runtimes: { runc: {} } }, 'process')).toBe(undefined);
    expect(isolationProblem({ Runtimes: { runc: {} } }, 'gvisor')).toMatch(/package runsc.*daemon\.json/);
  });

  test('processes are not shared between kernels', () => {
    const sharing = { ...fargate, pid: { container: 'pause' } };
    expect(unisolatedFeature(sharing, 'gvisor')).toBe('pidMode with the isolation gvisor');
    expect(unisolatedFeature(sharing, 'process')).toBe(undefined);
    expect(unisolatedFeature({ ...fargate, ipc: { container: 'pause' } }, 'gvisor')).toBe(
      'ipcMode with the isolation gvisor',
    );
    expect(unisolatedFeature({ ...fargate, ipc: 'none' }, 'gvisor')).toBe(undefined);
    expect(unisolatedFeature({ ...spec, pid: 'host' }, 'gvisor')).toBe(undefined);
  });
});
