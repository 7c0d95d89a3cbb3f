package dev.concert.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SessionStateTest {

  /** The table of protocol.md, "States", written down a second time on purpose. */
  private static final Map<String, Set<String>> TABLE =
      Map.of(
          "inactive", Set.of("activating"),
          "activating", Set.of("ready", "inactive", "error"),
          "ready", Set.of("running", "deactivating", "inactive", "error"),
          "running", Set.of("ready", "waiting", "deactivating", "error"),
          "waiting", Set.of("running", "ready", "deactivating", "error"),
          "deactivating", Set.of("inactive", "error"),
          "error", Set.of("activating", "deactivating", "inactive"));

  @Test
  void onlyTheMovesOfTheProtocolAreAllowed() {
    for (SessionState from : SessionState.values()) {
      Set<String> allowed =
          Arrays.stream(SessionState.values())
              .filter(from::mayBecome)
              .map(SessionState::wireName)
              .collect(Collectors.toSet());
      assertThat(allowed).as(from.wireName()).isEqualTo(TABLE.get(from.wireName()));
    }
  }
}
