import { createSigV4Verifier, ecsModel, stsModel } from '#libs/aws-wire';
import type { ServiceModel, SigV4Verifier } from '#libs/aws-wire';
import type { Locale } from '#libs/kernel';
import type { RootAccessKey } from '#libs/platform';
import type { ServedService } from './aws-endpoint.ts';
import { principalArn } from './caller.ts';
import type { Dispatcher } from './dispatcher.ts';
import { EcsOverHttp } from './ecs-over-http.ts';
import { StsOverHttp } from './sts-over-http.ts';

/** The principal that an access key belongs to: the only key is the root user's. */
export function principalOfKey(account: string, key: RootAccessKey): (accessKeyId: string) => string | undefined {
  return (accessKeyId) => (accessKeyId === key.accessKeyId ? principalArn(account, 'root') : undefined);
}

/** Every service that the HTTP endpoint serves. */
export function servedServices(
  { account, region }: Locale,
  key: RootAccessKey,
  dispatcher: Dispatcher,
): readonly ServedService[] {
  const principalOf = principalOfKey(account, key);
  const verifierOf = ({ signingName, isGlobal }: ServiceModel): SigV4Verifier<string> =>
    createSigV4Verifier<string>({
      service: signingName,
      regions: isGlobal ? 'any' : [region],
      lookupSecret: (accessKeyId) => {
        const principal = principalOf(accessKeyId);
        return principal === undefined ? undefined : { secretAccessKey: key.secretAccessKey, principal };
      },
      now: Date.now,
    });
  return [new EcsOverHttp(verifierOf(ecsModel), dispatcher), new StsOverHttp(verifierOf(stsModel), account)];
}
