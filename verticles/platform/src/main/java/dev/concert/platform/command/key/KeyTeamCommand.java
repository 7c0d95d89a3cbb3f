package dev.concert.platform.command.key;

import dev.concert.ensemble.key.Customer;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.key.Team;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert key team}: creates a team, or gives it other limits. */
@Command(
    name = "team",
    description = "Creates a team, or replaces its limits, which bind all of its keys together.",
    mixinStandardHelpOptions = true)
final class KeyTeamCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyStoreOptions place;
  @Mixin private CustomerOption customer;
  @Mixin private LimitOptions limits;

  @Parameters(paramLabel = "NAME", description = "Name of the team.")
  private String name;

  @Override
  public Integer call() {
    KeySettings settings = limits.settings(name, Optional.empty(), Optional.empty());
    try (KeyStore store = place.open()) {
      Customer owner = customer.in(store);
      Team team =
          find(store, owner, name)
              .flatMap(known -> store.teams().configure(known.id(), was -> settings))
              .orElseGet(() -> store.teams().add(owner.id(), settings));
      spec.commandLine().getOut().println(team.id());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  static Optional<Team> find(KeyStore store, Customer customer, String name) {
    return store.teams().all().stream()
        .filter(team -> team.customerId().equals(customer.id()))
        .filter(team -> team.settings().name().equals(name) || team.id().equals(name))
        .findFirst();
  }
}
