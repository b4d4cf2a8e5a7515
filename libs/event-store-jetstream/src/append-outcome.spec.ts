import { describe, expect, test } from '@jest/globals';
import {
  ClosedConnectionError,
  InvalidArgumentError,
  type Msg,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { outcomeOfAnswer, outcomeOfFailure } from './append-outcome.ts';

const answer = (text: string): Pick<Msg, 'json'> => ({ json: <T>() => JSON.parse(text) as T });
const refusal = (errCode: number) => answer(`{"error":{"code":500,"err_code":${errCode},"description":"no"}}`);

describe('outcomeOfAnswer', () => {
  test.each([
    ['{"stream":"WAYBILL","seq":17}', { kind: 'appended', streamRevision: 17 }],
    ['{"stream":"WAYBILL","seq":17,"duplicate":true}', { kind: 'appended', streamRevision: 17 }],
    ['{"stream":"WAYBILL"}', { kind: 'unknown', reason: 'the server’s answer names no position' }],
    ['{}', { kind: 'unknown', reason: 'the server’s answer names no position' }],
    ['nonsense', { kind: 'unknown', reason: 'the server’s answer is not JSON' }],
  ])('%s', (text, outcome) => {
    expect(outcomeOfAnswer(answer(text))).toEqual(outcome);
  });

  test('only a wrong last sequence of the subject is a conflict', () => {
    expect(outcomeOfAnswer(refusal(10071))).toEqual({ kind: 'conflict' });
  });

  test.each([10002, 10023, 10028, 10039, 10047, 10054, 10060, 10076, 10097, 10109])(
    '%d comes before the store',
    (code) => {
      expect(outcomeOfAnswer(refusal(code))).toEqual({ kind: 'refused', reason: `no (${code})` });
    },
  );

  test.each([10070, 10077, 10008, 10118, 10158, 10164, 10167, 99999])('%d leaves it open', (code) => {
    expect(outcomeOfAnswer(refusal(code))).toEqual({ kind: 'unknown', reason: `no (${code})` });
  });
});

describe('outcomeOfFailure', () => {
  test.each([
    new RequestError('no responders', { cause: new NoRespondersError('waybill.log.ecs.1') }),
    new RequestError('denied', { cause: new PermissionViolationError('denied', 'publish', 'waybill.log.ecs.1') }),
    InvalidArgumentError.format('payload', 'max_payload size exceeded'),
    new ClosedConnectionError(),
  ])('%p never reached a stream', (error) => {
    expect(outcomeOfFailure(error)).toMatchObject({ kind: 'refused' });
  });

  test.each([new TimeoutError(), new RequestError('connection closed'), new Error('who knows'), 'text'])(
    '%p may have reached it',
    (error) => {
      expect(outcomeOfFailure(error)).toMatchObject({ kind: 'unknown' });
    },
  );
});
