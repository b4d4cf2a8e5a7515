import { expect, test } from '@jest/globals';
import { MsgHdrsImpl } from '@nats-io/transport-node';
import { CloudEvent, HTTP } from 'cloudevents';
import type { PublicEvent } from '#libs/kernel';
import { binaryHeaders, structuredHeaders, structuredText } from './cloud-event-message.ts';

const event: PublicEvent = {
  subject: 'waybill.events.123456789012.ecs.task-state-change.default',
  attributes: {
    specversion: '1.0',
    id: '19576a12-19ed-86f3-a0a4-50a3501eec42',
    source: 'arn:aws:ecs:us-east-1:123456789012:cluster/default',
    type: 'waybill.ecs.task-state-change',
    time: '2026-03-01T12:00:01.250Z',
    subject: 'arn:aws:ecs:us-east-1:123456789012:task/default/1',
    datacontenttype: 'application/json',
    sequence: '0000000000000002.0000',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-a0a450a3501eec42-01',
    causationid: 'c-1',
    correlationid: 'order-42',
  },
  body: '{"version":"0","detail":{"lastStatus":"PENDING","group":"größe"}}',
};

/** As a receiver gets them from the server. */
function received(headers: MsgHdrsImpl): Record<string, string> {
  const read = MsgHdrsImpl.decode(headers.encode());
  return Object.fromEntries(read.keys().map((name) => [name, read.get(name)]));
}

test('the SDK reads a message as a CloudEvent whose data is the JSON of EventBridge', () => {
  const headers = received(binaryHeaders(event));
  const parsed = HTTP.toEvent({
    headers: { ...headers, 'content-type': headers['ce-datacontenttype'] },
    body: event.body,
  }) as CloudEvent;
  expect(parsed.validate()).toBe(true);
  expect(parsed.toJSON()).toEqual({ ...event.attributes, data: JSON.parse(event.body) as object });
});

test('the SDK reads the structured copy as the same CloudEvent', () => {
  const headers = received(structuredHeaders);
  const parsed = HTTP.toEvent({ headers, body: structuredText(event) }) as CloudEvent;
  expect(parsed.validate()).toBe(true);
  expect(parsed.toJSON()).toEqual({ ...event.attributes, data: JSON.parse(event.body) as object });
});

test('what is no header text is percent-encoded, so that no value can begin another header', () => {
  const correlationid = 'a b"50%"\r\nce-id: forged €';
  const headers = received(binaryHeaders({ ...event, attributes: { ...event.attributes, correlationid } }));
  expect(headers['ce-correlationid']).toBe('a%20b%2250%25%22%0D%0Ace-id:%20forged%20%E2%82%AC');
  expect(decodeURIComponent(headers['ce-correlationid'] ?? '')).toBe(correlationid);
  expect(headers['ce-id']).toBe(event.attributes.id);
});
