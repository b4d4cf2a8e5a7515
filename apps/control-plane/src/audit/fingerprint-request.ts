import type { PipeTransform } from '@nestjs/common';
import { IsString } from 'class-validator';
import { modelledError } from '#libs/aws-wire';
import type { WireError } from '#libs/aws-wire';
import type { MicroRequest } from '../micro/micro-transport.ts';
import { parsedJson } from '../micro/parsed.ts';

export class FingerprintRequest {
  @IsString() shard!: string;
}

/** The request, or the error that its sender gets. */
export class FingerprintRequestPipe implements PipeTransform<MicroRequest, FingerprintRequest | WireError> {
  transform({ payload }: MicroRequest): FingerprintRequest | WireError {
    const request = parsedJson(FingerprintRequest, payload);
    return typeof request === 'string'
      ? modelledError('InvalidParameterException', 'Send {"shard":"ecs.<account>.<cluster>"}.')
      : request;
  }
}
