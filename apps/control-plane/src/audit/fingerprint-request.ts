import type { PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { IsString, validateSync } from 'class-validator';
import { modelledError } from '#libs/aws-wire';
import type { WireError } from '#libs/aws-wire';
import type { MicroRequest } from '../micro/micro-transport.ts';

export class FingerprintRequest {
  @IsString() shard!: string;
}

/** The request, or the error that its sender gets. */
export class FingerprintRequestPipe implements PipeTransform<MicroRequest, FingerprintRequest | WireError> {
  transform({ payload }: MicroRequest): FingerprintRequest | WireError {
    const request = plainToInstance(FingerprintRequest, objectOf(payload));
    if (validateSync(request).length === 0) return request;
    return modelledError('InvalidParameterException', 'Send {"shard":"ecs.<account>.<cluster>"}.');
  }
}

/** The JSON object of a message; an empty one where there is none. */
function objectOf(payload: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
