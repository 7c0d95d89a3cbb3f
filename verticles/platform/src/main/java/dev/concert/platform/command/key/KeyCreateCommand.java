package dev.concert.platform.command.key;

import dev.concert.ensemble.key.CreatedKey;
import dev.concert.ensemble.key.Customer;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.key.Team;
import dev.concert.platform.PlatformException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert key create}: prints the key, and nothing else, to standard output. */
@Command(
    name = "create",
    description = "Creates a key. It is shown only once. A running server accepts it at once.",
    mixinStandardHelpOptions = true)
final class KeyCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyStoreOptions place;
  @Mixin private CustomerOption customer;
  @Mixin private LimitOptions limits;

  @Parameters(
      paramLabel = "NAME",
      description = "Name of the key, for example the program that uses it.")
  private String name;

  @Option(names = "--team", description = "Team of the customer whose limits bind the key too.")
  private String team;

  @Option(
      names = "--expires-at",
      description = "When the key expires, such as 2027-01-31T12:00:00Z (default: never).")
  private Instant expiry;

  @Override
  public Integer call() {
    try (KeyStore store = place.open()) {
      Customer owner = customer.in(store);
      Optional<String> teamId = Optional.ofNullable(team).map(given -> teamIn(store, owner));
      CreatedKey made =
          store.addKey(owner.id(), limits.settings(name, Optional.ofNullable(expiry), teamId));
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "%s of %s. Save the key now; it is not shown again:%n", made.key().id(), customer.name());
      err.flush();
      spec.commandLine().getOut().println(made.secret());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  private String teamIn(KeyStore store, Customer owner) {
    return KeyTeamCommand.find(store, owner, team)
        .map(Team::id)
        .orElseThrow(
            () ->
                new PlatformException(
                    "The customer has no such team. `concert key team NAME` creates one."));
  }
}
