import { Ajv } from 'ajv';
import type { CommandRequest, DomainCommand } from '#libs/kernel';

const text = { type: 'string', minLength: 1 };

/**
 * A command from another control plane. Thousands come each second where the API and the writer are two processes: compiled
 * once with ajv, where class-validator's reflection would cost more than the decision. What the command itself has to
 * be was checked against the service's model by the sender, and is the decider's.
 */
export const isPeerCommand = new Ajv().compile<CommandRequest<DomainCommand>>({
  type: 'object',
  required: ['commandId', 'command', 'principal', 'source', 'correlationId', 'causationId'],
  properties: {
    commandId: text,
    command: { type: 'object', required: ['type'], properties: { type: text } },
    principal: text,
    source: { enum: ['aws', 'nats', 'agent', 'clock', 'writer'] },
    correlationId: text,
    traceId: text,
    causationId: { anyOf: [text, { type: 'null' }] },
    clientToken: text,
  },
});
