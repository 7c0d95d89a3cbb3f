package dev.concert.github.rule;

import dev.concert.github.webhook.ForgeEvent;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Which events a rule is for. Each list that is not empty has to have one that fits.
 *
 * @param label names of labels
 * @param sender logins
 * @param base names of the branch that a pull request goes to
 * @param title what the title contains
 * @param text what was written contains
 */
public record RuleFilter(
    List<String> label,
    List<String> sender,
    List<String> base,
    List<String> title,
    List<String> text) {
  static final RuleFilter NONE =
      new RuleFilter(List.of(), List.of(), List.of(), List.of(), List.of());

  boolean matches(ForgeEvent event) {
    String written = event.text().isBlank() ? event.body() : event.text();
    return any(label, name -> event.more().labels().stream().anyMatch(name::equalsIgnoreCase))
        && any(sender, event.sender()::equalsIgnoreCase)
        && any(base, event.more().base()::equals)
        && any(title, part -> contains(event.title(), part))
        && any(text, part -> contains(written, part));
  }

  private static boolean any(List<String> wanted, Predicate<String> fits) {
    return wanted.isEmpty() || wanted.stream().anyMatch(fits);
  }

  private static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
