import * as sdk from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { ecsInputSchemas } from './generated/ecs-input-schemas.ts';
import { inputSchemaId } from './input-schemas.ts';
import { ecsOperations, operationOfTarget } from './operations.ts';
import { ecsModel } from './services/service-model.ts';

function operationNamesOfSdk(): string[] {
  return Object.values<unknown>(sdk).flatMap((exported) =>
    Array.isArray(exported) && exported[0] === 9 ? [String(exported[2])] : [],
  );
}

describe('the catalogue of operations', () => {
  test('has the 88 operations of the pinned SDK; another number means that the API has changed', () => {
    expect(ecsOperations.size).toBe(88);
    expect([...ecsOperations.keys()].sort()).toEqual(operationNamesOfSdk().sort());
  });

  test('every operation has the schemas of its input and output', () => {
    for (const { name, inputSchema, outputSchema } of ecsOperations.values()) {
      expect(inputSchema[2]).toBe(ecsInputSchemas.inputs[name]);
      expect(outputSchema[2]).toMatch(/Response$/);
    }
  });

  test('names the JSON Schema of each input for catalogues', () => {
    expect(inputSchemaId('RunTask')).toBe('urn:waybill:ecs:2014-11-13#/$defs/RunTaskRequest');
    expect(() => inputSchemaId('toString')).toThrow('no input schema');
  });
});

describe('X-Amz-Target', () => {
  test('names an operation', () => {
    expect(operationOfTarget(`${ecsModel.targetPrefix}.RunTask`)).toBe(ecsOperations.get('RunTask'));
  });

  test.each([
    undefined,
    '',
    'RunTask',
    `${ecsModel.targetPrefix}.`,
    `${ecsModel.targetPrefix}.runTask`,
    `${ecsModel.targetPrefix}.RunTask.`,
    `${ecsModel.targetPrefix}.constructor`,
    'DynamoDB_20120810.RunTask',
  ])('%s is an unknown operation', (target) => {
    expect(operationOfTarget(target)).toMatchObject({ type: 'UnknownOperationException', httpStatus: 400 });
  });
});
