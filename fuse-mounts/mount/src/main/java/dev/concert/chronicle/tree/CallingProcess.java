package dev.concert.chronicle.tree;

/** The process that makes a call. Valid only during the call. */
public interface CallingProcess {
  int user();

  int group();
}
