import { describe, expect, test } from '@jest/globals';
import type { Tag } from '#libs/ecs/messages';
import { checkTags } from './tags.ts';

describe('the tags of a request', () => {
  test('without a key are refused: the model lets it be left out, and a decider must not stumble over it', () => {
    const tags = JSON.parse('[{"value":"shop"}]') as readonly Tag[];
    expect(checkTags(tags)).toMatchObject({ code: 'InvalidParameter' });
  });

  test.each(['[{"key":"team"}]', '[{"key":"team","value":null}]'])('without a value are refused: %s', (text) => {
    const refused = { code: 'InvalidParameter', message: 'Tag value can not be null.' };
    expect(checkTags(JSON.parse(text) as readonly Tag[])).toEqual(refused);
  });

  test('may have an empty value, and keys that differ in their case', () => {
    expect(
      checkTags([
        { key: 'Case', value: '' },
        { key: 'case', value: 'a' },
      ]),
    ).toBeNull();
  });
});
