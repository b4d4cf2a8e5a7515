import * as sdk from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { ecsService } from '#libs/ecs/messages';
import { inputSchemaId } from './shapes.ts';

const { operations, errors, $defs } = ecsService.shapes;

/** Names of the SDK's schemas of a kind: 9 is an operation, -3 an error. */
function namesInSdk(kind: 9 | -3): string[] {
  return Object.values<unknown>(sdk).flatMap((exported) =>
    Array.isArray(exported) && exported[0] === kind ? [String(exported[2])] : [],
  );
}

describe('a document of shapes', () => {
  test('has the 88 operations of the pinned SDK; another number means that the API has changed', () => {
    expect(Object.keys(operations)).toHaveLength(88);
    expect(Object.keys(operations)).toEqual(namesInSdk(9).sort());
  });

  test('has what every operation takes and returns', () => {
    for (const { input = '', output = '' } of Object.values(operations)) {
      expect($defs[input]).toMatchObject({ type: 'object' });
      expect(output).toMatch(/Response$/);
      expect($defs[output]).toMatchObject({ type: 'object' });
    }
  });

  test('has every error but the base class, and whose fault it is', () => {
    expect(Object.keys(errors)).toEqual(
      namesInSdk(-3)
        .filter((name) => name !== 'ECSServiceException')
        .sort(),
    );
    expect(errors['ServerException']).toMatchObject({ isServerFault: true });
    expect(errors['ClientException']?.isServerFault).toBeUndefined();
  });

  test('names the JSON Schema of each input for catalogues', () => {
    expect(inputSchemaId(ecsService, 'RunTask')).toBe('urn:waybill:ecs:2014-11-13#/$defs/RunTaskRequest');
    expect(() => inputSchemaId(ecsService, 'toString')).toThrow('no operation');
  });
});
