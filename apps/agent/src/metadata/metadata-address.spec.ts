import { describe, expect, test } from '@jest/globals';
import { addMetadataAddress, redirectTable, redirectWellKnownPort, runProgram } from './metadata-address.ts';
import type { RunProgram } from './metadata-address.ts';

/** A machine on which `ip` and `nft` answer so. */
function machineWith(shown: string, refusal?: string) {
  const commands: string[] = [];
  const run: RunProgram = (program, args, input) => {
    commands.push([program, ...args].join(' ') + (input === undefined ? '' : ` < ${input}`));
    if (args.includes('add') && refusal !== undefined) return Promise.reject(new Error(refusal));
    return Promise.resolve(shown);
  };
  return { run, commands };
}

const SHOW = 'ip -o -4 address show dev lo';
const ADD = 'ip address add 169.254.170.2/32 dev lo scope host';

describe('the address of the metadata endpoint', () => {
  test('is added once', async () => {
    const bare = machineWith('1: lo    inet 127.0.0.1/8 scope host lo');
    await addMetadataAddress(bare.run);
    expect(bare.commands).toEqual([SHOW, ADD]);
    const ready = machineWith('1: lo    inet 169.254.170.2/32 scope host lo');
    await addMetadataAddress(ready.run);
    expect(ready.commands).toEqual([SHOW]);
  });

  test('is there when another agent was faster; anything else is a problem', async () => {
    await expect(addMetadataAddress(machineWith('', 'RTNETLINK answers: File exists').run)).resolves.toBeUndefined();
    const denied = machineWith('', 'RTNETLINK answers: Operation not permitted');
    await expect(addMetadataAddress(denied.run)).rejects.toThrow('not permitted');
  });

  test('its rules replace those that are there, in one step', async () => {
    const machine = machineWith('');
    await redirectWellKnownPort(machine.run);
    expect(machine.commands).toEqual([`nft -f - < ${redirectTable()}`]);
    expect(redirectTable()).toContain('ip daddr 169.254.170.2 tcp dport 80 dnat to 169.254.170.2:51679');
  });
});

describe('a program of the machine', () => {
  test('gets its input, and gives its output', async () => {
    expect(await runProgram('cat', [], 'text')).toBe('text');
  });

  test('says itself why it has failed', async () => {
    await expect(runProgram('sh', ['-c', 'echo broken >&2; exit 3'])).rejects.toThrow(/^sh: broken$/);
    await expect(runProgram('no-such-program', [], 'text')).rejects.toThrow('ENOENT');
  });
});
