import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import {
  createSigV4Verifier,
  encodeError,
  expiredToken,
  findOutputFault,
  incompleteSignature,
  internalFailure,
  invalidSignature,
  missingAuthenticationToken,
  modelledError,
  requestEntityTooLarge,
  serverException,
  signatureExpired,
  signatureNotYetCurrent,
  unknownOperation,
  unrecognizedClient,
  InputValidator,
  readJsonInput,
  WireError,
} from './index.ts';

/**
 * Each golden file holds what is given and what is expected of it. `UPDATE_GOLDENS=1` writes what is expected anew;
 * the change is then reviewed as a diff.
 */
interface Golden<Given> {
  readonly given: Given;
  readonly expected: unknown;
}

const root = path.join(import.meta.dirname, '../spec/goldens');

function eachGolden<Given>(kind: string, actualOf: (given: Given) => unknown): void {
  test.each(readdirSync(path.join(root, kind)).sort())('%s', (name) => {
    const file = path.join(root, kind, name);
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden<Given>;
    const actual = plain(actualOf(golden.given));
    if (process.env['UPDATE_GOLDENS'] === '1') {
      writeFileSync(file, `${JSON.stringify({ given: golden.given, expected: actual }, null, 2)}\n`);
    } else {
      expect(actual).toEqual(golden.expected);
    }
  });
}

/** What JSON can hold of a value, which is all that a golden file can compare. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function answered(error: WireError): unknown {
  return { httpStatus: error.httpStatus, body: encodeError(error) };
}

const validator = new InputValidator(ecsService);

describe('requests', () => {
  eachGolden<{ operation: string; body: string }>('requests', (given) => {
    const input = readJsonInput(ecsService, given.operation, Buffer.from(given.body));
    if (input instanceof WireError) return answered(input);
    const fault = validator.validate(given.operation, input);
    return fault === undefined ? { input } : answered(fault);
  });
});

describe('responses', () => {
  eachGolden<{ operation: string; output: object }>('responses', (given) => {
    expect(findOutputFault(ecsService, given.operation, given.output)).toBeUndefined();
    return JSON.stringify(given.output);
  });
});

const constructors: Readonly<Record<string, (...args: never[]) => WireError>> = {
  expiredToken,
  incompleteSignature,
  internalFailure,
  invalidSignature,
  missingAuthenticationToken,
  modelledError,
  requestEntityTooLarge,
  serverException,
  signatureExpired,
  signatureNotYetCurrent,
  unknownOperation,
  unrecognizedClient,
};

describe('errors', () => {
  eachGolden<{ constructor: string; arguments: never[] }>('errors', (given) => {
    const construct = constructors[given.constructor];
    if (construct === undefined) throw new Error(`There is no constructor ${given.constructor}.`);
    return answered(construct(...given.arguments));
  });
});

interface RecordedRequest {
  /** ISO-8601; the moment at which the request was recorded. */
  readonly now: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

// Recorded from real clients (AWS CLI, boto3), signed with the key that the AWS documentation uses in its examples.
describe('signed', () => {
  eachGolden<RecordedRequest>('signed', (given) => {
    const verifier = createSigV4Verifier({
      service: 'ecs',
      regions: ['us-east-1'],
      lookupSecret: (accessKeyId) =>
        accessKeyId === 'AKIDEXAMPLE'
          ? { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', principal: 'root' }
          : undefined,
      now: () => Date.parse(given.now),
    });
    return verifier.verify({ ...given, body: Buffer.from(given.body) });
  });
});
