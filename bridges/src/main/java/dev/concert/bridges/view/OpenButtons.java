package dev.concert.bridges.view;

import dev.concert.bridges.platform.ChatText.Button;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the button that somebody means: by its short name where a platform brings that back, else
 * by what it says, or by {@code yes} and {@code no}. Pure.
 */
public final class OpenButtons {
  public static final String ALLOW = "allow";
  public static final String DENY = "deny";

  private static final Pattern YES_OR_NO =
      Pattern.compile("(yes|y|no|n)(?:\\s+#?(\\d{1,4}))?[.!]?", Pattern.CASE_INSENSITIVE);

  private OpenButtons() {}

  /**
   * @param open the buttons that can be pressed now, the newest last
   * @return what the button stands for; empty where no button is meant, or more than one may be
   */
  public static Optional<String> find(List<Button> open, String said) {
    if (said.startsWith("#")) {
      return open.stream()
          .filter(one -> one.shortName().equals(said))
          .map(Button::value)
          .findFirst();
    }
    String text = said.strip();
    Matcher answer = YES_OR_NO.matcher(text);
    // The same label once more is that of an earlier turn, whose questions are over.
    Map<String, String> meant = new HashMap<>();
    open.stream()
        .filter(
            one -> one.label().equalsIgnoreCase(text) || answer.matches() && isMeant(one, answer))
        .forEach(one -> meant.put(one.label(), one.value()));
    return meant.size() == 1 ? meant.values().stream().findFirst() : Optional.empty();
  }

  private static boolean isMeant(Button button, Matcher answer) {
    boolean isYes = answer.group(1).toLowerCase(Locale.ROOT).startsWith("y");
    String wanted = answer.group(2);
    return button.value().endsWith("|" + (isYes ? ALLOW : DENY))
        && (wanted == null || number(button.label()).equals(wanted));
  }

  /** The label of the first question of a turn has none. */
  private static String number(String label) {
    int space = label.lastIndexOf(' ');
    return space < 0 ? "1" : label.substring(space + 1);
  }
}
