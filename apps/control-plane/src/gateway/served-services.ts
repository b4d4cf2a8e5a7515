import { createSigV4Verifier } from '#libs/aws-wire';
import type { SigV4Verifier } from '#libs/aws-wire';
import type { Locale, ServiceModel } from '#libs/kernel';
import type { RootAccessKey } from '#libs/platform';
import { principalArn } from './caller.ts';
import type { Dispatchers } from './dispatchers.ts';
import { ServiceOverHttp } from './service-over-http.ts';

/** The principal that an access key belongs to: the only key is the root user's. */
export function principalOfKey(account: string, key: RootAccessKey): (accessKeyId: string) => string | undefined {
  return (accessKeyId) => (accessKeyId === key.accessKeyId ? principalArn(account, 'root') : undefined);
}

/** Every service that the HTTP endpoint serves. */
export function servedServices(
  locale: Locale,
  key: RootAccessKey,
  { services }: Dispatchers,
): readonly ServiceOverHttp[] {
  const principalOf = principalOfKey(locale.account, key);
  const verifierOf = ({ signingName, isGlobal }: ServiceModel): SigV4Verifier<string> =>
    createSigV4Verifier<string>({
      service: signingName,
      regions: isGlobal ? 'any' : [locale.region],
      lookupSecret: (accessKeyId) => {
        const principal = principalOf(accessKeyId);
        return principal === undefined ? undefined : { secretAccessKey: key.secretAccessKey, principal };
      },
      now: Date.now,
    });
  return services.map(({ service, dispatcher }) => new ServiceOverHttp(service, verifierOf(service), dispatcher));
}
