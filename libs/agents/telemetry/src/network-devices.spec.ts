import { expect, test } from '@jest/globals';
import { networkBytes } from './network-devices.ts';

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    6750      63    0    0    0     0          0         0     6750      63    0    0    0     0       0          0
`;

test('bytes of all interfaces but the loopback', () => {
  const devices = `${HEAD}  eth0:     100       2    3    4    0     0          0         0      200       6    7    8    0     1       0          0
eth1:10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0
`;
  expect(networkBytes(devices)).toEqual({ rxBytes: 110, txBytes: 220 });
});

test('without an interface there is no network, rather than one without traffic', () => {
  expect(networkBytes(HEAD)).toBeUndefined();
  expect(networkBytes('')).toBeUndefined();
});
