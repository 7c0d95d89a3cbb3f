package dev.concert.chronicle.replication.wire;

import java.util.Arrays;
import java.util.Locale;

/** Why a master did not take a write. */
public enum RejectReason {
  /** The master advanced for that path. The replica catches up and may try again. */
  CONFLICT,
  /** The replica could not give the content, for example because it changed again. */
  CONTENT_UNAVAILABLE,
  /** The path is none that a workspace can have. Trying again is of no use. */
  PATH_INVALID,
  /** The entry is none that the master understands. Trying again is of no use. */
  ENTRY_INVALID,
  /** The master could not write, for example because its disk is full. Worth trying later. */
  FAILED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reasons of newer masters are taken for {@link #FAILED}. */
  public static RejectReason of(String wireName) {
    return Arrays.stream(values())
        .filter(reason -> reason.wireName().equals(wireName))
        .findFirst()
        .orElse(FAILED);
  }
}
