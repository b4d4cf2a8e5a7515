import { execFile } from 'node:child_process';
import { describe, expect, jest, test } from '@jest/globals';

/* The command lines of the built processes, which people run by hand only when they look around. */

jest.setTimeout(60_000);

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env, NODE_OPTIONS: '' }, timeout: 30_000 };
    execFile(process.execPath, [`dist/apps/${program}.js`, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr });
    });
  });
}

describe.each(['control-plane/src/main', 'agent/src/main', 'agent/src/fleet-main'])('%s', (program) => {
  test('--help is help', async () => {
    const { code, stdout, stderr } = await run(program, ['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: .*[^]*WAYBILL_HOME/);
  });

  test('an unknown option and a bad setting are one line each', async () => {
    const unknown = await run(program, ['--frobnicate']);
    expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^\S+: .*--frobnicate'\n$/) });
    const bad = await run(program, [], { WAYBILL_LOG_LEVEL: 'loud' });
    expect(bad).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^\S+: WAYBILL_LOG_LEVEL .*\n$/) });
  });
});

test('the fleet refuses an option that makes no sense in one line', async () => {
  const { code, stderr } = await run('agent/src/fleet-main', ['--create-ms', 'soon']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^fleet: .*It must look like 20-60\.\n$/);
});
