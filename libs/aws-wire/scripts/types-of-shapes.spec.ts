import { expect, test } from '@jest/globals';
import { thingService } from '../spec/thing-service.ts';
import { typesOf } from './types-of-shapes.mjs';

/** One declaration of the generated text. */
function declared(text: string, name: string): string {
  return new RegExp(`^export (?:interface|type) ${name}\\b(?:[^;]*?\\{\\n[^}]*\\}|[^;]*;)`, 'm').exec(text)?.[0] ?? '';
}

test('structures become interfaces of plain JSON, with members that must be there and members that may', () => {
  const text = typesOf(thingService.shapes);
  expect(declared(text, 'Part')).toBe(
    'export interface Part {\n  readonly Id: string;\n  readonly Weight?: number;\n  readonly Parts?: readonly Part[];\n}',
  );
  for (const line of [
    '  readonly IsReady?: boolean;',
    '  readonly Data?: string;',
    '  readonly CreatedAt?: number;',
    '  readonly Labels?: Readonly<Record<string, string>>;',
    '  readonly PartsByName?: Readonly<Record<string, Part>>;',
  ]) {
    expect(declared(text, 'Thing').split('\n')).toContain(line);
  }
});

test('enums, unions, empty structures and free documents have types of their own', () => {
  const text = typesOf({
    $id: 'urn:waybill:words:1',
    operations: {},
    errors: { NotFoundException: {}, StreamException: {} },
    $defs: {
      Colour: { type: 'string', enum: ['red', 'blue'] },
      Choice: {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        properties: { colour: { $ref: '#/$defs/Colour' }, any: {} },
      },
      Nothing: { type: 'object', properties: {} },
      Nested: { type: 'object', properties: { rows: { type: 'array', items: { type: 'array', items: {} } } } },
      NotFoundException: { type: 'object', properties: { message: { type: 'string' } } },
      StreamException: { type: 'object', properties: { message: { type: 'string' } } },
      Stream: { type: 'object', properties: { failed: { $ref: '#/$defs/StreamException' } } },
    },
  });
  expect(declared(text, 'Colour')).toBe("export type Colour = 'red' | 'blue';");
  expect(text).toContain('export type Choice =\n  | { readonly colour: Colour }\n  | { readonly any: unknown };\n');
  expect(declared(text, 'Nothing')).toBe('export type Nothing = Readonly<Record<string, never>>;');
  expect(text).toContain('  readonly rows?: readonly (readonly unknown[])[];\n');
  expect(text).not.toContain('NotFoundException');
  // An error that is a member of something is a shape like any other.
  expect(declared(text, 'StreamException')).not.toBe('');
});
