import { expect, test } from '@jest/globals';
import { deliveryPlace } from './delivery-place.ts';

test.each([
  ['$JS.ACK.WAYBILL.c1.1.17.5.1700000000.3', { streamRevision: 17, delivery: 5 }],
  ['$JS.ACK._.ACCOUNT.WAYBILL.c1.1.17.5.1700000000.3', { streamRevision: 17, delivery: 5 }],
  ['$JS.ACK.hub.ACCOUNT.WAYBILL.c1.1.17.5.1700000000.3.r4nd0m', { streamRevision: 17, delivery: 5 }],
  ['$JS.ACK.WAYBILL.c1', null],
  ['_INBOX.x', null],
  ['', null],
  [undefined, null],
])('the place of %s', (reply, place) => {
  expect(deliveryPlace(reply === undefined ? {} : { reply })).toEqual(place);
});
