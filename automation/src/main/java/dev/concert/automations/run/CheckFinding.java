package dev.concert.automations.run;

import dev.concert.automations.store.RunRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a check found.
 *
 * @param note a sentence that says why it is not verified; empty when it is
 * @param cost US dollars that it cost
 */
record CheckFinding(Verdict verdict, String note, BigDecimal cost) {
  static final CheckFinding VERIFIED = new CheckFinding(Verdict.VERIFIED, "", BigDecimal.ZERO);

  /** From the best to the worst. */
  enum Verdict {
    VERIFIED(RunRow.VERIFIED),
    NEEDS_PERSON(RunRow.NEEDS_PERSON),
    FAILED(RunRow.NOT_VERIFIED);

    private final String wireName;

    Verdict(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }
  }

  static CheckFinding failed(String note) {
    return new CheckFinding(Verdict.FAILED, note, BigDecimal.ZERO);
  }

  static CheckFinding needsPerson(String note) {
    return new CheckFinding(Verdict.NEEDS_PERSON, note, BigDecimal.ZERO);
  }

  /** The same, for this many US dollars. */
  CheckFinding withCost(BigDecimal dollars) {
    return new CheckFinding(verdict, note, dollars);
  }

  /** The worst of all, with the notes of all. */
  static CheckFinding of(List<CheckFinding> results) {
    Verdict worst =
        results.stream().map(CheckFinding::verdict).max(Enum::compareTo).orElse(Verdict.VERIFIED);
    return new CheckFinding(
        worst,
        results.stream()
            .map(CheckFinding::note)
            .filter(note -> !note.isEmpty())
            .collect(Collectors.joining(" ")),
        results.stream().map(CheckFinding::cost).reduce(BigDecimal.ZERO, BigDecimal::add));
  }
}
