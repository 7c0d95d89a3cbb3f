package dev.concert.platform.command;

import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.Customer;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert key list}. */
@Command(
    name = "list",
    description = "Lists the keys: what each may do, never the key itself.",
    mixinStandardHelpOptions = true)
final class KeyListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyPlace place;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (KeyStore store = place.open()) {
      Map<String, String> customers =
          store.customers().stream().collect(Collectors.toMap(Customer::id, Customer::name));
      for (ApiKey key : store.keys()) {
        out.printf(
            "%s  %s…  %s  %s of %s  %s%n",
            key.id(),
            key.prefix(),
            key.status().name().toLowerCase(Locale.ROOT),
            key.settings().name(),
            customers.get(key.customerId()),
            limits(key.settings()));
      }
    }
    out.flush();
    return 0;
  }

  private static String limits(KeySettings settings) {
    StringBuilder words = new StringBuilder();
    if (settings.limit().requests() < RateLimit.MOST) {
      words.append(settings.limit().requests()).append(" requests/min  ");
    }
    if (settings.limit().tokens() < RateLimit.MOST) {
      words.append(settings.limit().tokens()).append(" tokens/min  ");
    }
    settings
        .budget()
        .ifPresent(
            budget ->
                words
                    .append('$')
                    .append(budget.amount().toPlainString())
                    .append(" per ")
                    .append(budget.period().name().toLowerCase(Locale.ROOT))
                    .append("  "));
    if (!settings.allowedModels().isEmpty()) {
      words.append(String.join(" ", new TreeSet<>(settings.allowedModels())));
    }
    return words.toString().strip();
  }
}
