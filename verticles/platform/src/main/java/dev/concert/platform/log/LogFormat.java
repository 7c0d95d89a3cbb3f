package dev.concert.platform.log;

/** How a line of the log is written. */
public enum LogFormat {
  /** For a person at a terminal. */
  TEXT,
  /** An object on each line, for programs that collect logs. */
  JSON
}
