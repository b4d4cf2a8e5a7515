export type {
  HostDescription,
  HostRefusal,
  HostRemaining,
  PlacementEngine,
  PlacementRequest,
  PlacementResult,
  TaskDemand,
} from './types.ts';
