package dev.concert.chronicle.fuse;

/** Serves the requests of one opcode. */
@FunctionalInterface
interface Operation {
  /** As a result: the kernel waits for no answer. */
  int NO_ANSWER = Integer.MIN_VALUE;

  /**
   * @return a negative errno, or how many bytes of the reply's body were filled
   */
  int serve(Request request, Reply reply);
}
