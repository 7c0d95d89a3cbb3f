package dev.concert.coordinator.egress.policy;

import java.util.List;

/** Policies as the operator writes them. */
public final class SomePolicy {
  private SomePolicy() {}

  public static EgressPolicy open(String... allowed) {
    return EgressPolicy.of(EgressPolicy.Mode.OPEN, List.of(allowed), "coordinator.egress");
  }

  public static EgressPolicy allowing(String... allowed) {
    return EgressPolicy.of(EgressPolicy.Mode.ALLOW_LIST, List.of(allowed), "coordinator.egress");
  }
}
