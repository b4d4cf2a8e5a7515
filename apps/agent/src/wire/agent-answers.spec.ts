import { describe, expect, test } from '@jest/globals';
import {
  readAssignMessage,
  readDefinitionsAnswer,
  readReportAnswer,
  readSessionAnswer,
  readWantedPage,
} from './agent-answers.ts';

const refusal = { error: { code: 'InstanceInactive', message: 'no' } };
const page = { version: 1, tasks: [], next: null };
const accepted = { containerInstanceArn: 'arn', term: 1, heartbeatIntervalSeconds: 2 };
const definitions = { term: 1, taskDefinitions: {}, unknown: [] };
const assign = { term: 1, fromVersion: 1, toVersion: 2, tasks: [] };

describe('what comes from the control plane', () => {
  test('is taken when it is whole', () => {
    expect(readSessionAnswer(accepted)).toBe(accepted);
    expect(readSessionAnswer(refusal)).toBe(refusal);
    expect(readWantedPage(page)).toBe(page);
    expect(readWantedPage(refusal)).toBe(refusal);
    expect(readDefinitionsAnswer(definitions)).toBe(definitions);
    expect(readDefinitionsAnswer(refusal)).toBe(refusal);
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
    { ...accepted, heartbeatIntervalSeconds: null },
    { ...page, next: 7 },
    { ...definitions, taskDefinitions: [] },
    { ...assign, term: 'x' },
  ])('is nothing when it is not: %j', (value) => {
    expect(readSessionAnswer(value)).toBeNull();
    expect(readWantedPage(value)).toBeNull();
    expect(readDefinitionsAnswer(value)).toBeNull();
    expect(readReportAnswer(value)).toBeNull();
    expect(readAssignMessage(value)).toBeNull();
  });
});
