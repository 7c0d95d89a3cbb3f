package dev.concert.ensemble.routing.endpoint;

/** How calls are spread over the endpoints of a pool if no cache decides. */
public enum PoolStrategy {
  /** A session stays where it was; a new one goes to the least used endpoint. */
  SESSION_AFFINITY,
  /** Round robin. */
  ROUND_ROBIN,
  /** To the endpoint with the fewest calls in progress. */
  LEAST_USED
}
