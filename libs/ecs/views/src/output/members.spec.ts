import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isoText } from '../iso-text.ts';
import { ObjectMembers, sharedMembers, TextMembers } from './members.ts';
import type { Members } from './members.ts';
import { keepText, outputText, valueText } from './wire.ts';

const SOURCE = { name: 'one' };
const ofSource = sharedMembers(({ name }: typeof SOURCE, to) => {
  to.text('shared', name);
  to.plain('also', 1);
});
const ofNobody = sharedMembers((_source: typeof SOURCE, to) => to.text('nobody', undefined));

function writeSomething(to: Members): void {
  ofNobody(SOURCE, to);
  ofSource(SOURCE, to);
  to.word('word', 'arn:aws:ecs');
  to.word('absent', undefined);
  to.text('text', 'a "quoted"\nline – é');
  to.text('nothing', null);
  to.plain('number', 0);
  to.plain('flag', false);
  to.plain('none', undefined);
  to.value('value', { a: [1, { b: null }] });
  to.value('gone', undefined);
  to.list('list', [1, 2], (item, members) => {
    members.plain('item', item);
    members.list('inner', item === 1 ? [] : ['x'], (text, deepest) => deepest.text('text', text));
  });
  to.list('objects', [1], () => {});
  to.moment('never', null);
}

describe('members', () => {
  test('an object and a text of the same members say the same', () => {
    const object = new ObjectMembers();
    const text = new TextMembers();
    writeSomething(object);
    writeSomething(text);
    expect(JSON.parse(text.finish())).toEqual(object.draft);
    const again = new TextMembers();
    writeSomething(again);
    expect(JSON.parse(again.finish())).toEqual(object.draft);
    expect(object.draft).not.toHaveProperty('absent');
    expect(new TextMembers().finish()).toBe('{}');
  });

  test('moments are epoch seconds in objects and ISO 8601 in texts', () => {
    const object = new ObjectMembers();
    const text = new TextMembers();
    for (const to of [object, text]) to.moment('createdAt', 1_772_366_400_250);
    expect(JSON.stringify(object.draft)).toBe('{"createdAt":1772366400.25}');
    expect(text.finish()).toBe('{"createdAt":"2026-03-01T12:00:00.250Z"}');
  });
});

test('ISO moments are those of Date', () => {
  const moments = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
  fc.assert(fc.property(moments, (ms) => expect(isoText(ms)).toBe(new Date(ms).toISOString())));
});

test('a kept object is encoded once', () => {
  let encoded = 0;
  const kept = keepText({ toJSON: () => (encoded += 1) });
  expect([valueText(kept), valueText(kept), outputText({ kept, list: [kept] })]).toEqual([
    '1',
    '1',
    '{"kept":1,"list":[1]}',
  ]);
});
