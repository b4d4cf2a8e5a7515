import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';

const FOLDER = path.join('test', 'conformance', 'goldens');

/**
 * Compares an answer, ids and times masked, with a reviewed file. WAYBILL_RECORD_GOLDENS=1 writes what is missing; a
 * change is reviewed as the file's diff.
 */
export function expectGolden(name: string, answer: unknown): void {
  const file = path.join(FOLDER, `${name}.json`);
  const masked = maskedOf(answer);
  if (!existsSync(file) && process.env['WAYBILL_RECORD_GOLDENS'] === '1') {
    writeFileSync(file, `${JSON.stringify(masked, null, 2)}\n`, { flag: 'wx' });
  }
  expect(masked).toEqual(JSON.parse(readFileSync(file, 'utf8')));
}

const TIMES = /(At|startedAt|stoppedAt)$/;

function maskedOf(value: unknown, member = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => maskedOf(item));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members.map(([name, item]) => [name, maskedOf(item, name)]));
  }
  if (TIMES.test(member)) return '<time>';
  if (member === 'hostPort' && value !== 0) return '<port>';
  return typeof value === 'string' ? maskedText(value) : value;
}

function maskedText(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/\b[0-9a-f]{32}(?:-\d+)?\b/g, '<id>')
    .replaceAll(/\bmi-[0-9a-f]{17}\b/g, 'mi-<id>')
    .replaceAll(/(?<=ecs-svc\/|:service-revision\/.*\/)\d{19}/g, '<digits>')
    .replaceAll(/us-east-1[abc]\b/g, '<zone>')
    .replaceAll(/sha256:[0-9a-f]{64}/g, '<digest>');
}
