package dev.concert.github.api;

/** How a check of a commit ended. */
public enum CheckConclusion {
  SUCCESS,
  FAILURE,
  /** Nothing was checked that could fail. */
  NEUTRAL
}
