package dev.concert.bench;

import java.util.List;
import java.util.Map;

/** Ensemble in a process of its own, with a played model in another one behind it. */
record MeasuredEnsemble(Child model, Child ensemble, MeasuredRoute gateway)
    implements AutoCloseable {

  /**
   * @param model arguments of {@link ModelServer}
   */
  static MeasuredEnsemble start(String... model) throws Exception {
    Child played = Child.start(Child.java(List.of("-Xmx2g"), ModelServer.class, model), Map.of());
    try {
      Child ensemble =
          Child.start(Child.java(Child.usualFlags(), BenchEnsemble.class, port(played)), Map.of());
      return new MeasuredEnsemble(
          played,
          ensemble,
          new MeasuredRoute(
              "Ensemble",
              Integer.parseInt(port(ensemble)),
              Map.of("authorization", "Bearer " + BenchEnsemble.KEY)));
    } catch (Exception e) {
      played.close();
      throw e;
    }
  }

  private static String port(Child server) throws Exception {
    return server.line("ready").split(" ")[1];
  }

  EnsembleMemory memory() throws Exception {
    return EnsembleMemory.of(ensemble);
  }

  @Override
  public void close() {
    ensemble.close();
    model.close();
  }
}
