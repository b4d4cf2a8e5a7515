import { expect, test } from '@jest/globals';
import { networkBytes, networkDevices } from './network-devices.ts';

const DEVICES = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    6750      63    0    0    0     0          0         0     6750      63    0    0    0     0       0          0
  eth0:     100       2    3    4    0     0          0         0      200       6    7    8    0     1       0          0
eth1:10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0
`;

test('all interfaces but the loopback', () => {
  expect(networkDevices(DEVICES)).toEqual({
    eth0: {
      rx_bytes: 100,
      rx_packets: 2,
      rx_errors: 3,
      rx_dropped: 4,
      tx_bytes: 200,
      tx_packets: 6,
      tx_errors: 7,
      tx_dropped: 8,
    },
    eth1: expect.objectContaining({ rx_bytes: 10, tx_bytes: 20 }),
  });
  expect(networkBytes(networkDevices(DEVICES))).toEqual({ rxBytes: 110, txBytes: 220 });
});
