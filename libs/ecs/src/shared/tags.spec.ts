import { describe, expect, test } from '@jest/globals';
import type { Tag } from '#libs/contracts';
import { checkTags } from './tags.ts';

describe('the tags of a request', () => {
  test('without a key are refused: the model lets it be left out, and a decider must not stumble over it', () => {
    const tags = JSON.parse('[{"value":"shop"}]') as readonly Tag[];
    expect(checkTags(tags)).toMatchObject({ code: 'InvalidParameter' });
    expect(checkTags(JSON.parse('[{"key":"team"}]') as readonly Tag[])).toBeNull();
  });
});
