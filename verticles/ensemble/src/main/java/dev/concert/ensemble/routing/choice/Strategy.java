package dev.concert.ensemble.routing.choice;

/** How calls are spread over the endpoints of a pool where no cache speaks for one of them. */
public enum Strategy {
  /** A session stays where it was; a new one goes to the least used endpoint. */
  SESSION_AFFINITY,
  /** One after the other. */
  ROUND_ROBIN,
  /** To the endpoint with the fewest calls under way. */
  LEAST_USED
}
