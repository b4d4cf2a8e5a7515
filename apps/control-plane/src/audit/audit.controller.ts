import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { modelledError, WireError } from '#libs/aws-wire';
import { Engine } from '#libs/engine';
import { errorResponse, jsonResponse } from '../micro/micro-response.ts';
import { endpointPattern } from '../micro/micro-transport.ts';
import type { MicroContext, MicroResponse } from '../micro/micro-transport.ts';
import { productVersion } from '#libs/platform';
import { FingerprintRequest, FingerprintRequestPipe } from './fingerprint-request.ts';
import { fingerprintOf } from './shard-fingerprint.ts';

/** What auditors ask a live control plane: `waybill.cmd.<principal>.audit.<Operation>`. */
export const AUDIT: MicroContext = {
  context: 'audit',
  name: 'waybill-audit',
  version: productVersion(),
  description: 'Questions of auditors to a live control plane.',
  operations: ['GetStatus', 'GetShardFingerprint'].map((name) => ({ name, metadata: {} })),
};

@Controller()
export class AuditController {
  readonly #engine: Engine;

  constructor(@Inject(Engine) engine: Engine) {
    this.#engine = engine;
  }

  @MessagePattern(endpointPattern(AUDIT.context, 'GetStatus'))
  status(): MicroResponse {
    const shards = this.#engine.host.shells.map(({ shard }) => shard).sort();
    const unlistedHosts = this.#engine.contexts.flatMap(
      ({ context, views }) => context.audit?.unlistedHosts?.(views) ?? [],
    );
    return jsonResponse({ ...this.#engine.readiness(), shards, unlistedHosts });
  }

  @MessagePattern(endpointPattern(AUDIT.context, 'GetShardFingerprint'))
  async fingerprint(@Payload(FingerprintRequestPipe) request: FingerprintRequest | WireError): Promise<MicroResponse> {
    if (request instanceof WireError) return errorResponse(request);
    const { shard } = request;
    const fingerprint = await fingerprintOf(shard, this.#engine);
    if (fingerprint !== undefined) return jsonResponse(fingerprint);
    return errorResponse(modelledError('ResourceNotFoundException', `This control plane does not write ${shard} now.`));
  }
}
