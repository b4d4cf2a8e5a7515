import { Ajv } from 'ajv';
import type { Heartbeat, ReportRequest } from '#libs/agents/protocol';
import { REASON_CHARACTERS_MAX, REPORTS_PER_REQUEST_MAX } from '#libs/ecs/messages';

const text = (maxLength: number) => ({ type: 'string', maxLength });
const time = { type: 'number', minimum: 0 };
const port = { type: 'integer', minimum: 0, maximum: 65_535 };

/** A task has at most ten containers of its own, and the pause container. */
const CONTAINERS_MAX = 11;

const containerReport = {
  type: 'object',
  required: ['name', 'lastStatus'],
  properties: {
    name: text(255),
    lastStatus: { enum: ['PENDING', 'RUNNING', 'STOPPED'] },
    runtimeId: text(255),
    imageDigest: text(255),
    exitCode: { type: 'integer' },
    reason: text(REASON_CHARACTERS_MAX),
    healthStatus: { enum: ['HEALTHY', 'UNHEALTHY', 'UNKNOWN'] },
    networkBindings: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        required: ['bindIP', 'containerPort', 'hostPort', 'protocol'],
        properties: { bindIP: text(64), containerPort: port, hostPort: port, protocol: { enum: ['tcp', 'udp'] } },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
};

const taskReport = {
  type: 'object',
  required: ['taskId', 'knownStatus', 'containers'],
  properties: {
    taskId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    knownStatus: { enum: ['PENDING', 'RUNNING', 'STOPPING', 'STOPPED'] },
    containers: { type: 'array', maxItems: CONTAINERS_MAX, items: containerReport },
    reason: text(REASON_CHARACTERS_MAX),
    stopCode: { enum: ['TaskFailedToStart', 'EssentialContainerExited'] },
    pullStartedAt: time,
    pullStoppedAt: time,
    startedAt: time,
    executionStoppedAt: time,
  },
  additionalProperties: false,
};

const ajv = new Ajv({ allErrors: false });

/*
 * The two messages that agents send thousands of a second: compiled once with ajv, where class-validator's reflection
 * would cost more than the decision. Everything else of the agents' door is a class-validator DTO.
 */

/** The wire form of contracts' Heartbeat. */
export const isHeartbeat = ajv.compile<Heartbeat>({
  type: 'object',
  required: ['sessionId', 'version'],
  properties: { sessionId: text(64), version: { type: 'integer', minimum: 0 } },
});

/** The wire form of contracts' ReportRequest. */
export const isReportRequest = ajv.compile<ReportRequest>({
  type: 'object',
  required: ['sessionId', 'reports'],
  properties: {
    sessionId: text(64),
    reports: { type: 'array', minItems: 1, maxItems: REPORTS_PER_REQUEST_MAX, items: taskReport },
  },
  additionalProperties: false,
});
