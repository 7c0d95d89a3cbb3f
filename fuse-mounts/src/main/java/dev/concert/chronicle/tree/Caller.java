package dev.concert.chronicle.tree;

/** Whose process makes a call. Valid only during the call. */
public interface Caller {
  int user();

  int group();
}
