package dev.concert.platform.command.key;

import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.Customer;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.key.Team;
import dev.concert.ensemble.limit.RateLimit;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert key list}. */
@Command(
    name = "list",
    description = "Lists the keys and their limits, never the keys themselves.",
    mixinStandardHelpOptions = true)
final class KeyListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private KeyStoreOptions place;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (KeyStore store = place.open()) {
      List<ApiKey> keys = store.keys();
      if (keys.isEmpty()) {
        out.println("There are no keys. `concert key create NAME` creates one.");
      } else {
        out.print(table(keys, store));
      }
    }
    out.flush();
    return 0;
  }

  private static TextTable table(List<ApiKey> keys, KeyStore store) {
    Map<String, String> names =
        store.customers().stream().collect(Collectors.toMap(Customer::id, Customer::name));
    Map<String, String> teams =
        store.teams().all().stream()
            .collect(Collectors.toMap(Team::id, team -> team.settings().name()));
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"ID", "KEY", "STATUS", "NAME", "CUSTOMER", "TEAM", "LIMITS"});
    for (ApiKey key : keys) {
      rows.add(
          new String[] {
            key.id(),
            key.prefix() + "…",
            key.status().name().toLowerCase(Locale.ROOT),
            key.settings().name(),
            names.get(key.customerId()),
            key.settings().team().map(teams::get).orElse(""),
            limits(key.settings())
          });
    }
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Help.Ansi.OFF), columns(rows));
    rows.forEach(table::addRowValues);
    return table;
  }

  /** Each as wide as its longest value, so that no value is cut or wrapped. */
  private static Column[] columns(List<String[]> rows) {
    return IntStream.range(0, rows.getFirst().length)
        .map(at -> rows.stream().mapToInt(row -> row[at].length()).max().orElse(0) + 2)
        .mapToObj(width -> new Column(width, 0, Column.Overflow.SPAN))
        .toArray(Column[]::new);
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
    settings
        .modelBudgets()
        .forEach(
            (model, budget) ->
                words.append("%s $%s  ".formatted(model, budget.amount().toPlainString())));
    settings
        .allowedModels()
        .map(models -> models.isEmpty() ? "no model" : String.join(" ", new TreeSet<>(models)))
        .ifPresent(words::append);
    return words.toString().strip();
  }
}
