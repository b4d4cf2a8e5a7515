import { expect, test } from '@jest/globals';
import { hostFiles } from './host-files.ts';

test('reads what the kernel shows, and nothing of what is not there', () => {
  const files = hostFiles();
  expect(files.read('/proc/self/status')).toContain(`Pid:\t${process.pid}`);
  expect(files.read('/proc/self/no-such-file')).toBeNull();
  expect(files.read('/proc/self')).toBeNull();
});
