import type { Shape } from '#libs/kernel';
import type { FormNode } from './form-tree.ts';

/* Simple values as texts, in forms and in XML. Amazon's services read them as Java does: no blanks, no hexadecimals. */

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);
/** ISO 8601 with a time zone. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** The value of a node by its type; a text that is no such value stays one, and a node with others below it stays an object. */
export function scalarOf(
  shape: Shape,
  timestampFormat: Shape['timestampFormat'],
  { value, children }: FormNode,
): unknown {
  if (value === undefined || children.size > 0) return {};
  if (shape.title === 'Timestamp') return timeOf(value, timestampFormat) ?? value;
  switch (shape.type) {
    case 'integer':
      return INTEGER.test(value) ? Number(value) : value;
    case 'number':
      return DECIMAL.test(value) ? Number(value) : value;
    case 'boolean':
      return BOOLEANS.get(value) ?? value;
    default:
      return value;
  }
}

/** Epoch seconds, or undefined for a text that is no time. */
function timeOf(text: string, format: Shape['timestampFormat']): number | undefined {
  if (format === 'epoch-seconds') return DECIMAL.test(text) ? Number(text) : undefined;
  const milliseconds = format === 'http-date' || DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1_000;
}

/** A simple value as the text of an element. */
export function scalarText(shape: Shape, timestampFormat: Shape['timestampFormat'], value: unknown): string {
  if (shape.title !== 'Timestamp' || timestampFormat === 'epoch-seconds') return String(value);
  const time = new Date(Math.round(Number(value) * 1_000));
  return timestampFormat === 'http-date' ? time.toUTCString() : time.toISOString().replace('.000Z', 'Z');
}
