package dev.concert.platform.command.key;

import dev.concert.ensemble.key.Customer;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.key.Team;
import dev.concert.error.ConcertException;
import dev.concert.platform.PlatformException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert key team}: creates a team, gives it other limits, or deletes it. */
@Command(
    name = "team",
    description =
        "Creates a team, replaces its limits, which bind all of its keys together, or deletes it.",
    mixinStandardHelpOptions = true)
final class KeyTeamCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyStoreOptions place;
  @Mixin private CustomerOption customer;
  @Mixin private LimitOptions limits;

  @Parameters(paramLabel = "NAME", description = "Name of the team.")
  private String name;

  @Option(names = "--delete", description = "Delete the team. It must have no keys.")
  private boolean delete;

  @Option(names = "--revoke-keys", description = "With --delete: revoke its keys, for good.")
  private boolean revokeKeys;

  @Override
  public Integer call() {
    if (revokeKeys && !delete) {
      throw new ParameterException(spec.commandLine(), "--revoke-keys needs --delete.");
    }
    if (delete) {
      return delete();
    }
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

  private int delete() {
    try (KeyStore store = place.open()) {
      Team team =
          customer
              .known(store)
              .flatMap(owner -> find(store, owner, name))
              .orElseThrow(
                  () ->
                      new PlatformException(
                          "The customer '%s' has no such team. Name the customer with --customer."
                              .formatted(customer.name())));
      int keys = store.teams().delete(team.id(), revokeKeys).orElseThrow().keys();
      spec.commandLine()
          .getOut()
          .printf("%s is deleted; keys revoked with it: %d.%n", team.id(), keys);
      spec.commandLine().getOut().flush();
      return 0;
    } catch (ConcertException refused) {
      throw new PlatformException(
          refused.getMessage().replaceFirst("^keys: the", "The") + " (--revoke-keys)");
    }
  }

  static Optional<Team> find(KeyStore store, Customer customer, String name) {
    return store.teams().all().stream()
        .filter(team -> team.customerId().equals(customer.id()))
        .filter(team -> team.settings().name().equals(name) || team.id().equals(name))
        .findFirst();
  }
}
