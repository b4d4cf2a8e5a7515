import { describe, expect, test } from '@jest/globals';
import { readAssignMessage, readReportAnswer, readSessionAnswer } from './agent-answers.ts';

const refusal = { error: { code: 'InstanceInactive', message: 'no' } };
const wanted = { version: 1, tasks: [], taskDefinitions: {} };
const accepted = { containerInstanceArn: 'arn', term: 1, wanted, heartbeatIntervalSeconds: 2 };
const assign = { term: 1, fromVersion: 1, toVersion: 2, tasks: [], taskDefinitions: {} };

describe('what comes from the control plane', () => {
  test('is taken when it is whole', () => {
    expect(readSessionAnswer(accepted)).toBe(accepted);
    expect(readSessionAnswer(refusal)).toBe(refusal);
    expect(readReportAnswer({ accepted: true, term: 3, more: 1 })).toEqual({ accepted: true, term: 3 });
    expect(readReportAnswer(refusal)).toBe(refusal);
    expect(readAssignMessage(assign)).toBe(assign);
  });

  test.each([
    null,
    undefined,
    7,
    'text',
    [],
    {},
    { accepted: 'yes' },
    { accepted: true },
    { error: 'text' },
    { ...accepted, wanted: null },
    { ...assign, term: 'x' },
  ])('is nothing when it is not: %j', (value) => {
    expect(readSessionAnswer(value)).toBeNull();
    expect(readReportAnswer(value)).toBeNull();
    expect(readAssignMessage(value)).toBeNull();
  });
});
