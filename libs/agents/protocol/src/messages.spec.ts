import { describe, expect, test } from '@jest/globals';
import {
  agentDirective,
  definitionsAnswer,
  drainAnswer,
  reportAnswer,
  sessionAnswer,
  wantedAnswer,
} from './answers.ts';
import {
  definitionsRequest,
  drainRequest,
  heartbeat,
  reportRequest,
  sessionRequest,
  wantedRequest,
} from './requests.ts';
import { read } from './schema.ts';
import type { Schema } from './schema.ts';

const sessionId = 'session-1';
const taskId = '0'.repeat(32);
const resources = { cpu: 1, memory: 1, reservedTcpPorts: [22], reservedUdpPorts: [] };
const session = {
  sessionId,
  resources,
  attributes: [{ name: 'a' }, { name: 'b', value: '' }],
  versionInfo: { agentVersion: '1', dockerVersion: '2' },
  hostname: 'host',
  wanted: { version: 1, tasks: 0, progress: 0 },
};
const container = {
  name: 'app',
  lastStatus: 'STOPPED',
  runtimeId: 'id',
  exitCode: -1,
  reason: 'r',
  networkBindings: [{ bindIP: '0.0.0.0', containerPort: 80, hostPort: 32768, protocol: 'tcp' }],
  healthStatus: 'UNKNOWN',
};
const report = { taskId, knownStatus: 'STOPPED', containers: [container], startedAt: 1.5 };
const reports = { sessionId, reports: [report] };
const task = {
  taskId,
  taskArn: 'arn',
  desiredStatus: 'RUNNING',
  lastStatus: 'PENDING',
  taskDefinitionArn: 'arn',
  group: 'family:web',
  containerOverrides: [{ name: 'app', environment: [] }],
};
const refusal = { error: { code: 'InstanceInactive', message: 'no' } };
const page = { version: 1, tasks: [task], next: null };
const assign = { term: 1, sessionId, fromVersion: 1, toVersion: 2, tasks: [task] };

describe('what agents send', () => {
  test.each<[string, Schema<unknown>, unknown]>([
    ['session', sessionRequest, session],
    ['wanted', wantedRequest, { after: null }],
    ['wanted', wantedRequest, { after: taskId }],
    ['definitions', definitionsRequest, { taskDefinitionArns: ['arn'] }],
    ['report', reportRequest, reports],
    ['drain', drainRequest, { sessionId }],
    ['heartbeat', heartbeat, { sessionId, version: 0 }],
  ])('%s is taken when it is whole', (_name, schema, message) => {
    expect(read(schema, message)).toEqual({ value: message });
  });

  test.each<[string, Schema<unknown>, unknown]>([
    ['a session id that is not at a token', sessionRequest, { ...session, sessionId: 'a b c d e' }],
    ['a port beyond the last', sessionRequest, { ...session, resources: { ...resources, reservedTcpPorts: [65_536] } }],
    [
      'more tags than a resource has',
      sessionRequest,
      { ...session, tags: Array.from({ length: 51 }, () => ({ key: 'k' })) },
    ],
    ['a session without resources', sessionRequest, { ...session, resources: undefined }],
    ['a position that is not a task', wantedRequest, { after: 'x' }],
    ['no definitions', definitionsRequest, { taskDefinitionArns: [] }],
    ['too many definitions', definitionsRequest, { taskDefinitionArns: Array.from({ length: 51 }, () => 'arn') }],
    ['no reports', reportRequest, { ...reports, reports: [] }],
    ['an unknown member', reportRequest, { ...reports, reports: [{ ...report, cause: 'x' }] }],
    ['a reason that ECS would cut', reportRequest, { ...reports, reports: [{ ...report, reason: 'x'.repeat(1_025) }] }],
    ['another status', reportRequest, { ...reports, reports: [{ ...report, knownStatus: 'ACTIVATING' }] }],
    ['a version below zero', heartbeat, { sessionId, version: -1 }],
  ])('%s is refused', (_what, schema, message) => {
    expect(read(schema, message)).toHaveProperty('rejection');
  });
});

describe('what the control plane sends', () => {
  test.each<[string, Schema<unknown>, unknown]>([
    ['session', sessionAnswer, { containerInstanceArn: 'arn', term: 1, heartbeatIntervalSeconds: 2 }],
    ['wanted', wantedAnswer, page],
    ['definitions', definitionsAnswer, { term: 1, taskDefinitions: { arn: { family: 'web' } }, unknown: ['other'] }],
    ['report', reportAnswer, { accepted: true, term: 1 }],
    ['drain', drainAnswer, { accepted: true, term: 1 }],
    ['assign', agentDirective, assign],
    ['fenced', agentDirective, { term: 1, sessionId, fenced: true }],
  ])('%s is taken when it is whole, with members of a later version, or refused', (name, schema, message) => {
    expect(read(schema, message)).toEqual({ value: message });
    expect(read(schema, { ...(message as object), later: 1 })).toHaveProperty('value');
    if (name !== 'assign' && name !== 'fenced') expect(read(schema, refusal)).toEqual({ value: refusal });
  });

  test.each([
    null,
    7,
    'text',
    [],
    {},
    { accepted: 'yes', term: 1 },
    { accepted: true },
    { error: 'text' },
    { containerInstanceArn: 'arn', term: 1, heartbeatIntervalSeconds: null },
    { ...page, next: 7 },
    { ...page, tasks: [{ ...task, lastStatus: 'GONE' }] },
    { term: 1, taskDefinitions: [], unknown: [] },
    { ...assign, term: 'x' },
    { ...assign, sessionId: undefined },
  ])('anything else is refused: %j', (message) => {
    for (const schema of [sessionAnswer, wantedAnswer, definitionsAnswer, reportAnswer, drainAnswer, agentDirective]) {
      expect(read<unknown>(schema, message)).toHaveProperty('rejection');
    }
  });
});
