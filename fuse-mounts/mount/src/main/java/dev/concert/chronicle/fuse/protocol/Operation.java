package dev.concert.chronicle.fuse.protocol;

/** Serves the requests of one opcode. */
@FunctionalInterface
public interface Operation {
  /** The result of a request that the kernel wants no answer to. */
  int NO_ANSWER = Integer.MIN_VALUE;

  /**
   * @return a negative errno, or how many bytes of the reply's body were filled
   */
  int serve(FuseRequest request, FuseReply reply);
}
