package dev.concert.automations.triage;

import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.InboxRule;
import java.util.List;
import java.util.Locale;

/** Whether a rule is for an item. Pure. */
public final class RuleMatch {
  private RuleMatch() {}

  /**
   * @param when null for all items
   */
  public static boolean matches(InboxRule.Match when, InboxItem item) {
    return when == null
        || isOne(when.kinds(), item.kind())
            && isOne(when.severities(), item.severity())
            && (when.automationId() == null || when.automationId().equals(item.automationId()))
            && hasWord(when.words(), item);
  }

  private static boolean isOne(List<String> wanted, String found) {
    return wanted == null || wanted.isEmpty() || wanted.contains(found);
  }

  private static boolean hasWord(List<String> words, InboxItem item) {
    String text = (item.title() + "\n" + item.body()).toLowerCase(Locale.ROOT);
    return words == null
        || words.isEmpty()
        || words.stream().anyMatch(word -> text.contains(word.toLowerCase(Locale.ROOT)));
  }
}
