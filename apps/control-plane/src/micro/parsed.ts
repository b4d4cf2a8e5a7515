import { plainToInstance } from 'class-transformer';
import type { ClassConstructor } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { ValidationError } from 'class-validator';

/** The DTO, or a text that says what is wrong with it. */
export function parsed<Dto extends object>(dto: ClassConstructor<Dto>, payload: unknown): Dto | string {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    return 'the payload is not a JSON object';
  }
  const instance = plainToInstance(dto, payload);
  const [problem] = validateSync(instance, { whitelist: true });
  return problem === undefined ? instance : textOf(problem);
}

function textOf({ constraints, property }: ValidationError): string {
  return Object.values(constraints ?? { nested: `${property} is invalid` }).join('; ');
}

/** As `parsed`, of the JSON text of a message. */
export function parsedJson<Dto extends object>(dto: ClassConstructor<Dto>, payload: Uint8Array): Dto | string {
  try {
    return parsed(dto, JSON.parse(Buffer.from(payload).toString('utf8')) as unknown);
  } catch {
    return 'the payload is not a JSON object';
  }
}
