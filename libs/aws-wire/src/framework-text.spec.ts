import { expect, test } from '@jest/globals';
import type { ServiceModel } from '#libs/kernel';
import { InputValidator } from './validation.ts';

const word = { type: 'string', minLength: 1, maxLength: 9, pattern: '^(?:[a-z]*)$' } as const;
const service: ServiceModel = {
  serviceId: 'Words',
  signingName: 'words',
  isGlobal: false,
  protocols: [{ name: 'json-1.1', targetPrefix: 'Words' }],
  rules: {},
  shapes: {
    $id: 'urn:waybill:words:1',
    operations: { PutWords: { input: 'Request' } },
    errors: {},
    $defs: {
      Request: {
        type: 'object',
        required: ['Name'],
        properties: {
          Name: word,
          Secret: { type: 'string', minLength: 8, isSensitive: true },
          Kind: { $ref: '#/$defs/Kind' },
          Count: { type: 'integer', minimum: 1 },
          Words: { type: 'array', minItems: 1, items: word },
          Secrets: { type: 'array', items: { type: 'string', minLength: 8, isSensitive: true } },
          Choices: { type: 'array', items: { $ref: '#/$defs/Choice' } },
          Targets: { type: 'array', items: { $ref: '#/$defs/Target' } },
        },
      },
      Target: { type: 'object', required: ['Id'], properties: { Id: word } },
      Choice: { type: 'object', minProperties: 1, maxProperties: 1, properties: { One: word, Other: word } },
      Kind: { type: 'string', enum: ['A', 'B'] },
    },
  },
};
const validator = new InputValidator(service);

// The texts of recorded responses, with other names.
test.each<[object, string]>([
  [{}, "Value null at 'name' failed to satisfy constraint: Member must not be null"],
  [{ Name: '' }, "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1"],
  [
    { Name: 'A' },
    "Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]*",
  ],
  [
    { Name: 'a', Kind: 'C' },
    "Value 'C' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [A, B]",
  ],
  [
    { Name: 'a', Count: 0 },
    "Value '0' at 'count' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    { Name: 'a', Words: [] },
    "Value '[]' at 'words' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    { Name: 'a', Words: ['b', ''] },
    "Value '[b, ]' at 'words' failed to satisfy constraint: Member must satisfy constraint: " +
      '[Member must have length less than or equal to 9, Member must have length greater than or equal to 1, ' +
      'Member must satisfy regular expression pattern: [a-z]*]',
  ],
  [
    { Name: 'a', Targets: [{ Id: 'b' }, {}] },
    "Value null at 'targets.2.member.id' failed to satisfy constraint: Member must not be null",
  ],
  [
    { Name: 'a', Choices: [{ One: 'b', Other: 'c' }] },
    "Value at 'choices.1.member' failed to satisfy constraint: Member must have exactly one member set",
  ],
])('%j', (input, text) => {
  expect(validator.validate('PutWords', input)).toEqual({
    type: 'ValidationException',
    message: `1 validation error detected: ${text}`,
    httpStatus: 400,
    extra: undefined,
  });
});

test.each<[object, string]>([
  [
    { Name: 'a', Secret: 'hidden' },
    "Value at 'secret' failed to satisfy constraint: Member must have length greater than or equal to 8",
  ],
  [
    { Name: 'a', Secrets: ['hidden'] },
    "Value at 'secrets' failed to satisfy constraint: Member must satisfy constraint: " +
      '[Member must have length greater than or equal to 8]',
  ],
])('a secret is not repeated: %j', (input, text) => {
  expect(validator.validate('PutWords', input)?.message).toBe(`1 validation error detected: ${text}`);
});
