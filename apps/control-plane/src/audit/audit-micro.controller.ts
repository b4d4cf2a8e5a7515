import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { modelledError, unknownOperation } from '#libs/aws-wire';
import { ControlPlane } from '../control-plane.ts';
import { refusal } from '../gateway/ecs-micro.controller.ts';
import type { MicroRequest, MicroResponse } from '../gateway/micro-transport.ts';

/** What auditors ask a live control plane: `waybill.cmd.<principal>.audit.<Operation>`. */
export const AUDIT_OPERATIONS = ['GetStatus', 'GetShardFingerprint'] as const;

@Controller()
export class AuditMicroController {
  readonly #controlPlane: ControlPlane;

  constructor(@Inject(ControlPlane) controlPlane: ControlPlane) {
    this.#controlPlane = controlPlane;
  }

  @MessagePattern('audit')
  async serve(@Payload() request: MicroRequest): Promise<MicroResponse> {
    switch (request.operation as (typeof AUDIT_OPERATIONS)[number]) {
      case 'GetStatus':
        return answer({ ...this.#controlPlane.readiness(), shards: this.#controlPlane.shards() });
      case 'GetShardFingerprint':
        return this.#fingerprint(request.payload);
      default:
        return refusal(unknownOperation());
    }
  }

  async #fingerprint(payload: Uint8Array): Promise<MicroResponse> {
    const shard = shardOf(payload);
    if (shard === undefined)
      return refusal(modelledError('InvalidParameterException', 'Send {"shard":"ecs.<account>.<cluster>"}.'));
    const fingerprint = await this.#controlPlane.fingerprint(shard);
    if (fingerprint === undefined) {
      return refusal(modelledError('ResourceNotFoundException', `This control plane does not write ${shard} now.`));
    }
    return answer(fingerprint);
  }
}

function shardOf(payload: Uint8Array): string | undefined {
  try {
    const request: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    if (typeof request !== 'object' || request === null || !('shard' in request)) return undefined;
    return typeof request.shard === 'string' ? request.shard : undefined;
  } catch {
    return undefined;
  }
}

function answer(body: object): MicroResponse {
  return { kind: 'answer', body: JSON.stringify(body) };
}
