package dev.concert.chronicle.replication;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What happens to a workspace and its two replicas, one phase after the other. */
record RandomLife(List<Phase> phases) {
  static final List<String> PATHS = List.of("a.txt", "b", "d", "d/x", "d/y/z.txt");

  enum Act {
    WRITE,
    WRITE_LARGE,
    DELETE,
    RENAME,
    MAKE_FOLDER,
    REMOVE_FOLDER,
    CUT,
    RESTART,
    KILL,
    FAULT
  }

  /**
   * @param who 0 is the agent, others are replicas
   */
  record Step(int who, Act act, String path, String other) {}

  /**
   * @param apart whether the replicas have no connection meanwhile
   */
  record Phase(boolean apart, List<Step> steps) {}

  static Arbitrary<RandomLife> any() {
    Arbitrary<Act> acts =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.just(Act.WRITE)),
            Tuple.of(1, Arbitraries.just(Act.WRITE_LARGE)),
            Tuple.of(3, Arbitraries.just(Act.DELETE)),
            Tuple.of(2, Arbitraries.just(Act.RENAME)),
            Tuple.of(1, Arbitraries.just(Act.MAKE_FOLDER)),
            Tuple.of(1, Arbitraries.just(Act.REMOVE_FOLDER)),
            Tuple.of(1, Arbitraries.just(Act.CUT)),
            Tuple.of(1, Arbitraries.just(Act.RESTART)),
            Tuple.of(1, Arbitraries.just(Act.KILL)),
            Tuple.of(1, Arbitraries.just(Act.FAULT)));
    Arbitrary<String> paths = Arbitraries.of(PATHS);
    Arbitrary<Step> steps =
        Combinators.combine(Arbitraries.integers().between(0, 2), acts, paths, paths).as(Step::new);
    return Combinators.combine(Arbitraries.of(true, false), steps.list().ofMaxSize(20))
        .as(Phase::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(RandomLife::new);
  }
}
