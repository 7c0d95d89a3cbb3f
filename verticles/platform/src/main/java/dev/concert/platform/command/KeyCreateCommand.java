package dev.concert.platform.command;

import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.Period;
import dev.concert.ensemble.key.Customer;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.key.NewKey;
import dev.concert.ensemble.limit.RateLimit;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
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
    description = "Makes a key and prints it, this once. A server knows it within a second.",
    mixinStandardHelpOptions = true)
final class KeyCreateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyPlace place;

  @Parameters(paramLabel = "NAME", description = "What the key is for.")
  private String name;

  @Option(
      names = "--customer",
      defaultValue = "local",
      description = "Whose it is, by name; made where there is none (default: ${DEFAULT-VALUE}).")
  private String customer;

  @Option(names = "--rpm", description = "Requests per minute (default: any number).")
  private Long requests;

  @Option(names = "--tpm", description = "Tokens per minute (default: any number).")
  private Long tokens;

  @Option(names = "--model", description = "A model it may use, several times (default: all).")
  private List<String> models = List.of();

  @Option(names = "--budget", description = "US dollars it may spend (default: any amount).")
  private BigDecimal budget;

  @Option(
      names = "--per",
      defaultValue = "month",
      description = "What the budget is for: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Period period;

  @Override
  public Integer call() {
    KeySettings settings =
        new KeySettings(
            name,
            new HashSet<>(models),
            new RateLimit(most(requests), most(tokens)),
            Optional.ofNullable(budget).map(amount -> new Budget(amount, period)));
    try (KeyStore store = place.open()) {
      NewKey made = store.addKey(customerIn(store).id(), settings);
      PrintWriter err = spec.commandLine().getErr();
      err.printf("%s of %s; keep it now, it is not shown again:%n", made.key().id(), customer);
      err.flush();
      spec.commandLine().getOut().println(made.secret());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }

  private Customer customerIn(KeyStore store) {
    return store.customers().stream()
        .filter(known -> known.name().equals(customer))
        .findFirst()
        .orElseGet(() -> store.addCustomer(customer, "", Optional.empty()));
  }

  private static long most(Long limit) {
    return limit == null ? RateLimit.MOST : limit;
  }
}
