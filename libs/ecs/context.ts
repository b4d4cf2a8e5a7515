import { operations } from '#libs/ecs/api';
import { accountDecider, accountStateCodec, clusterDecider, clusterStateCodec } from '#libs/ecs/deciders';
import { accountShard, arns, AWS_ERROR_TYPES, clusterShard, ecsService, parseShard } from '#libs/ecs/messages';
import type { Rejection } from '#libs/ecs/messages';
import { clusterAgents, deregistrationSaga, schedulerSaga, serviceControllerSaga } from '#libs/ecs/reconcile';
import { audit, DEFAULT_CLUSTER_NAME, EcsPublicEvents, outputText, ViewDirectory } from '#libs/ecs/views';
import { agentsProtocol, shardKind } from '#libs/kernel';
import type { ApiError, BoundedContext, ContextRejection, ShardCommand } from '#libs/kernel';

/** Amazon ECS: task definitions of an account, and the clusters with everything that runs in them. */
export const ecs: BoundedContext<ViewDirectory> = {
  name: 'ecs',
  services: [ecsService],
  shardKinds: [
    shardKind({
      name: 'account',
      owns: (shard, { account }) => shard === accountShard(account),
      isIndispensable: true,
      decider: accountDecider(),
      snapshot: accountStateCodec,
      opens: () => true,
    }),
    shardKind({
      name: 'cluster',
      owns: (shard, { account }) => {
        const parsed = parseShard(shard);
        return parsed?.account === account && parsed.cluster !== null;
      },
      isIndispensable: false,
      decider: clusterDecider({ sagas: [deregistrationSaga, schedulerSaga, serviceControllerSaga] }),
      snapshot: clusterStateCodec,
      opens: ({ type }) => type === 'CreateCluster',
    }),
  ],
  createViews: (locale) => new ViewDirectory(locale),
  operations,
  outputText: (output) => outputText({ ...output }),
  error,
  policies: [],
  publicEvents: (views) => new EcsPublicEvents(views),
  audit,
  agents: (locale) => agentsProtocol(clusterAgents(locale)),
  setup,
};

function error(rejection: ContextRejection): ApiError {
  // A rejection comes back only to the context that gave it.
  const { code, message, resourceIds } = rejection as Rejection;
  const type = AWS_ERROR_TYPES[code];
  const members = resourceIds === undefined ? {} : { members: { resourceIds } };
  return { type, message, httpStatus: type === 'ServerException' ? 500 : 400, ...members };
}

/** ECS has a cluster named `default` from the start; so has Waybill. One that was deleted stays deleted. */
function setup(views: ViewDirectory): readonly ShardCommand[] {
  const { locale } = views;
  const shard = clusterShard(locale.account, DEFAULT_CLUSTER_NAME);
  if (views.cluster(DEFAULT_CLUSTER_NAME)?.wasCreated === true) return [];
  const clusterArn = arns.cluster(locale, DEFAULT_CLUSTER_NAME);
  return [
    {
      shard,
      command: { type: 'CreateCluster', clusterName: DEFAULT_CLUSTER_NAME, clusterArn } as ShardCommand['command'],
    },
  ];
}
